// Small things of the browser for the C++ side: clock, randomness, words for times and money, and one
// request at a time to the server.
addToLibrary({
  foyer_now: () => Date.now(),
  foyer_random: (out, size) => crypto.getRandomValues(HEAPU8.subarray(out, out + size)),

  $FoyerWords: {
    made: {},
    // English and the digits of Arabic as the server writes them; making a format costs far more
    // than using it.
    format: (make, language, options) => {
      const locale = { en: 'en-GB', ar: 'ar-u-nu-latn' }[language] ?? language;
      const key = [make.name, locale, ...Object.entries(options).flat()].join('|');
      return FoyerWords.made[key] ??= new make(locale, options);
    },
    day_of: (ms, timeZone) => {
      const options = { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' };
      return Date.parse(FoyerWords.format(Intl.DateTimeFormat, 'en-CA', options).format(ms)) / 864e5;
    },
    instant: (ms, timeZone, language, style) => {
      const clock = FoyerWords.format(Intl.DateTimeFormat, language,
        { timeZone, timeStyle: 'short' }).format(ms);
      if (style === 'time') return clock;
      const days = FoyerWords.day_of(ms, timeZone) - FoyerWords.day_of(Date.now(), timeZone);
      const day = Math.abs(days) <= 1
        ? FoyerWords.format(Intl.RelativeTimeFormat, language, { numeric: 'auto' })
          .format(days, 'day')
        : FoyerWords.format(Intl.DateTimeFormat, language, { timeZone, weekday: 'short',
          day: 'numeric', month: 'short', year: 'numeric' }).format(ms);
      return style === 'date' ? day : `${day}, ${clock}`;
    },
  },
  foyer_format_instant__deps: ['$FoyerWords', '$stringToUTF8'],
  foyer_format_instant: (ms, zone, language, style, out, max) => {
    stringToUTF8(FoyerWords.instant(ms, UTF8ToString(zone), UTF8ToString(language),
      UTF8ToString(style)), out, max);
  },
  foyer_format_money__deps: ['$FoyerWords', '$stringToUTF8'],
  foyer_format_money: (decimal, currency, language, out, max) => {
    const options = { style: 'currency', currency: UTF8ToString(currency) };
    stringToUTF8(FoyerWords.format(Intl.NumberFormat, UTF8ToString(language), options)
      .format(UTF8ToString(decimal)), out, max);
  },

  // Answers with _foyer_posted: status 0 when the server was not reached.
  foyer_post__deps: ['foyer_posted', 'malloc', 'free'],
  foyer_post: (number, address, token, at, size) => {
    const answer = (status, bytes) => {
      const copy = _malloc(Math.max(bytes.length, 1));
      HEAPU8.set(bytes, copy);
      _foyer_posted(number, status, copy, bytes.length);
      _free(copy);
    };
    fetch(UTF8ToString(address), {
      method: 'POST', body: HEAPU8.slice(at, at + size), signal: AbortSignal.timeout(20000),
      headers: { 'Content-Type': 'application/octet-stream', 'X-Form-Token': UTF8ToString(token) },
    }).then(async (response) => {
      answer(response.status, new Uint8Array(await response.arrayBuffer()));
    }).catch(() => answer(0, new Uint8Array()));
  },
});
