// Screenshots as data: how many colours one has and how light it is, and a small PNG of it with the
// 256 colours that it uses most. Not an image library: true colour in, opaque palette out.
import zlib from "node:zlib";

// {width, height, colours, light: 0 to 255 on average, palette: [[r, g, b]], indices: base64}.
export async function look_at(browser, picture) {
  const page = await browser.newPage();
  const seen = await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const { width, height } = image;
    const canvas = new OffscreenCanvas(width, height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
    const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
    const often = new Map();
    let sum = 0;
    for (const pixel of pixels) {
      often.set(pixel, (often.get(pixel) ?? 0) + 1);
      const [red, green, blue] = parts(pixel);
      sum += (red + green + blue) / 3;
    }
    // The most used colours, none within a step of one that is there.
    const palette = [];
    const distance = (a, b) => a.reduce((all, part, n) => all + (part - b[n]) ** 2, 0);
    for (const [pixel] of [...often].sort((a, b) => b[1] - a[1])) {
      if (palette.length === 256) break;
      const colour = parts(pixel);
      if (palette.every((each) => distance(each, colour) > 40)) palette.push(colour);
    }
    const nearest = new Map();
    for (const pixel of often.keys()) {
      const colour = parts(pixel);
      let best = 0;
      for (let n = 1; n < palette.length; ++n)
        if (distance(palette[n], colour) < distance(palette[best], colour)) best = n;
      nearest.set(pixel, best);
    }
    const indices = Uint8Array.from(pixels, (pixel) => nearest.get(pixel));
    let text = "";
    for (let at = 0; at < indices.length; at += 8192)
      text += String.fromCharCode(...indices.subarray(at, at + 8192));
    return { width, height, colours: often.size, light: sum / pixels.length, palette,
      indices: btoa(text) };
  }, Buffer.from(picture).toString("base64"));
  await page.close();
  return seen;
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

export function small_png({ width, height, palette, indices }) {
  const pixels = Buffer.from(indices, "base64");
  const rows = Buffer.alloc(height * (width + 1)); // a 0 before each row: as it is
  for (let row = 0; row < height; ++row)
    pixels.copy(rows, row * (width + 1) + 1, row * width, (row + 1) * width);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8); // eight bits, by palette
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", head),
    chunk("PLTE", Buffer.from(palette.flat())),
    chunk("IDAT", zlib.deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0))]);
}
