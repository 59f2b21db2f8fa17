// Texts for what is bytes in Avro: base64, one character per byte, UUIDs and durations.

/** Bytes of base64 text (RFC 4648, section 4, with padding), or undefined for other text. */
export function parseBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

/** Bytes of a text with one character per byte, or undefined where a character is beyond U+00FF. */
export function parseByteText(text: string): Buffer | undefined {
  return /[\u0100-\uffff]/.test(text) ? undefined : Buffer.from(text, 'latin1')
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isUuid(text: string): boolean {
  return uuidForm.test(text)
}

/** The text of a UUID of 16 bytes (RFC 4122). */
export function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export function parseUuid(text: string): Buffer | undefined {
  return isUuid(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : undefined
}

/**
 * The ISO 8601 text of a duration (specification 1.12, "Duration": months, days and milliseconds, three unsigned numbers
 * of 32 bits, least significant byte first): `P1M2DT3.004S`. The three do not mix: there is no number of days in a month.
 */
export function isoDurationText(bytes: Buffer): string {
  const [months, days, ms] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)]
  const date = (months > 0 ? `${months}M` : '') + (days > 0 ? `${days}D` : '')
  const seconds = ms % 1000 === 0 ? String(ms / 1000) : `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}`
  return ms > 0 || date === '' ? `P${date}T${seconds}S` : `P${date}`
}

const durationForm =
  /^P(?=[\dT])(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3}))?S)?)?$/

/** The 12 bytes of an ISO 8601 duration; years are 12 months, weeks 7 days, hours and minutes become milliseconds. */
export function parseIsoDuration(text: string): Buffer | undefined {
  const match = durationForm.exec(text)
  if (!match) return undefined
  const part = (at: number): number => Number(match[at] ?? 0)
  const ms = ((part(5) * 60 + part(6)) * 60 + part(7)) * 1000 + Number((match[8] ?? '').padEnd(3, '0'))
  const parts = [part(1) * 12 + part(2), part(3) * 7 + part(4), ms]
  if (parts.some((each) => each > 0xffff_ffff)) return undefined
  const bytes = Buffer.alloc(12)
  parts.forEach((each, at) => bytes.writeUInt32LE(each, at * 4))
  return bytes
}
