// Decimal numbers as text and as the bytes of Avro: the unscaled whole number in two's complement, most significant byte first.

/** unscaled * 10^-scale */
export interface Decimal {
  readonly unscaled: bigint
  readonly scale: number
}

/** Zeros are written out up to this many; beyond, the text has an exponent. */
const writtenZeros = 100
/** An exponent that asks for more zeros than this is refused: the number would be larger than any memory. */
const mostZeros = 10_000

/** `12.30` for 1230 and scale 2; `1E+3` where the scale is negative, as Java writes it. */
export function decimalText({ unscaled, scale }: Decimal): string {
  const sign = unscaled < 0n ? '-' : ''
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString()
  if (scale === 0) return sign + digits
  if (scale < 0 || scale - digits.length > writtenZeros) return `${sign}${digits}E${scale < 0 ? '+' : ''}${-scale}`
  const padded = digits.padStart(scale + 1, '0')
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

/** The decimal that a text tells, with the digits and the scale that it is written with; undefined for other text. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,10}))?$/.exec(text)
  if (!match) return undefined
  const [, sign, whole, fraction = '', exponent = '0'] = match
  const unscaled = BigInt(whole + fraction)
  return { unscaled: sign === '-' ? -unscaled : unscaled, scale: fraction.length - Number(exponent) }
}

/** The unscaled number of a decimal at another scale, when it fits into `precision` digits without loss; else undefined. */
export function unscaledAt(decimal: Decimal, precision: number, scale: number): bigint | undefined {
  if (decimal.unscaled === 0n) return 0n
  const digits = decimal.unscaled.toString().replace('-', '')
  const shift = scale - decimal.scale
  if (digits.length + shift > precision || shift > mostZeros) return undefined
  if (shift >= 0) return decimal.unscaled * 10n ** BigInt(shift)
  return /0*$/.exec(digits)![0].length >= -shift ? decimal.unscaled / 10n ** BigInt(-shift) : undefined
}

/** The number of bytes in two's complement; no bytes are 0. */
export function fromBytes(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`))
}

/** A number in two's complement, in `size` bytes (undefined when it does not fit) or in as few as possible. */
export function toBytes(number: bigint, size?: number): Buffer | undefined {
  const magnitude = number < 0n ? -number - 1n : number
  const needed = Math.floor(bitLength(magnitude) / 8) + 1
  const length = size ?? needed
  if (length < needed) return undefined
  const hex = BigInt.asUintN(length * 8, number).toString(16)
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex')
}

/** How many bits a number that is not negative has. */
function bitLength(number: bigint): number {
  const hex = number.toString(16)
  return number === 0n ? 0 : (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0]!, 16)))
}
