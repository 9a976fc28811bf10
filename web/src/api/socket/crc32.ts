/** CRC-32 of IEEE 802.3 over ASCII text, as a signed number. */

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32(text: string): number {
  let sum = -1;
  for (let n = 0; n < text.length; n += 1) {
    sum = (sum >>> 8) ^ (TABLE[(sum ^ text.charCodeAt(n)) & 0xff] as number);
  }
  return ~sum;
}
