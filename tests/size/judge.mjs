// "" when `bytes` are within the limit and within 2 % of the golden; else why not.
export function judge(bytes, { limit, golden }) {
  if (bytes > limit) return `${bytes} bytes are above the limit of ${limit}`;
  if (!golden) return `there is no golden yet: accept ${bytes} with FOYER_ACCEPT_SIZES=1`;
  if (bytes > golden * 1.02) return `${bytes} bytes are more than 2 % above the golden ${golden}`;
  return "";
}
