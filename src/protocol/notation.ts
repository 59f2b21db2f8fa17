// The notation in which Kafka's messages are written down: one definition with all versions, from which compile.ts makes readers and
// writers, and from which TypeScript derives the types of both. See "Protocol Primitive Types" of the Kafka protocol guide.

/** Options of a field. Versions count from the message's own: `since` inclusive, `until` inclusive. */
export interface FieldOptions<T> {
  readonly since?: number
  readonly until?: number
  /** from this version on the field may be null */
  readonly nullable?: number
  /** the number under which it travels as a tagged field (KIP-482); always within flexible versions */
  readonly tag?: number
  /** what a reader gives and a writer takes where the field is left out; Kafka's own default of the type otherwise */
  readonly default?: T | null
  /** a value other than the default may be dropped silently when the version has no such field */
  readonly ignorable?: boolean
}

export type ScalarKind = 'bool' | 'int8' | 'int16' | 'int32' | 'int64' | 'uuid' | 'string' | 'bytes' | 'records'

export type Shape =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'array'; readonly element: Shape }
  | { readonly kind: 'struct'; readonly fields: Fields }

/** A field: its shape, its options, and (for TypeScript alone) the type it reads as, takes, and whether it may be left out. */
export interface Field<Out = unknown, In = unknown, Optional extends boolean = boolean> {
  readonly shape: Shape
  readonly options: FieldOptions<unknown>
  readonly types?: { readonly out: Out; readonly in: In; readonly optional: Optional }
}
export type Fields = Readonly<Record<string, Field>>

type OutOf<F> = F extends Field<infer Out, unknown> ? Out : never
type InOf<F> = F extends Field<unknown, infer In> ? In : never
type OptionalKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends Field<unknown, unknown, true> ? K : never
}[keyof F]

/** What a reader of these fields returns: every field is there; those that the version lacks have their default. */
export type Read<F extends Fields> = { readonly [K in keyof F]: OutOf<F[K]> }

/** What a writer of these fields takes: fields with a default, or not in every version, may be left out. */
export type Written<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: InOf<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: InOf<F[K]>
}

type MaybeNull<T, O> = O extends { nullable: number } ? T | null : T
type IsOptional<O> = O extends { default: unknown } | { since: number } | { until: number } | { tag: number }
  ? true
  : false
type Made<Out, In, O> = Field<MaybeNull<Out, O>, MaybeNull<In, O>, IsOptional<O>>

type ScalarBuilder<T> = <const O extends FieldOptions<T> = object>(options?: O) => Made<T, T, O>

function scalar<T>(kind: ScalarKind): ScalarBuilder<T> {
  return (options) => ({ shape: { kind }, options: options ?? {} })
}

export const bool = scalar<boolean>('bool')
export const int8 = scalar<number>('int8')
export const int16 = scalar<number>('int16')
export const int32 = scalar<number>('int32')
/** 64-bit integers are bigint: sentinels such as the largest long occur */
export const int64 = scalar<bigint>('int64')
/** 16 bytes, as the 22 characters of base64url that Kafka prints */
export const uuid = scalar<string>('uuid')
export const string = scalar<string>('string')
export const bytes = scalar<Buffer>('bytes')
/** Record batches, opaque here: read as a view of the frame, written from one piece or several, never copied. */
export const records = scalar('records') as <const O extends FieldOptions<Buffer> = object>(
  options?: O,
) => Made<Buffer, Buffer | readonly Buffer[], O>

/** An array of structs or of scalars. */
export function array<const F extends Fields, const O extends FieldOptions<readonly []> = object>(
  element: F,
  options?: O,
): Made<readonly Read<F>[], readonly Written<F>[], O>
export function array<Out, In, const O extends FieldOptions<readonly []> = object>(
  element: Field<Out, In>,
  options?: O,
): Made<readonly Out[], readonly In[], O>
export function array(element: Field | Fields, options: FieldOptions<unknown> = {}): Field {
  return {
    shape: { kind: 'array', element: isField(element) ? element.shape : { kind: 'struct', fields: element } },
    options,
  }
}

/** A struct inside a message. */
export function struct<const F extends Fields, const O extends FieldOptions<never> = object>(
  fields: F,
  options?: O,
): Made<Read<F>, Written<F>, O> {
  return { shape: { kind: 'struct', fields }, options: options ?? {} }
}

function isField(value: Field | Fields): value is Field {
  return typeof (value as Field).shape === 'object' && 'kind' in (value as Field).shape
}
