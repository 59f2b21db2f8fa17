// The shape of the command table: commands, arguments and options as data, with the types of what they give to a command.
import type { Context, Outcome } from '../commands/context.ts'
import type { ExitCode } from '../core/exit-codes.ts'

interface OptionBase {
  readonly short?: string
  readonly about: string
}
export type OptionSpec =
  | (OptionBase & { readonly kind: 'flag' })
  | (OptionBase & { readonly kind: 'text'; readonly value: string })
  | (OptionBase & { readonly kind: 'number'; readonly value: string; readonly min?: number })
  | (OptionBase & { readonly kind: 'choice'; readonly value: string; readonly choices: readonly string[] })
  | (OptionBase & { readonly kind: 'list'; readonly value: string })

export interface ArgumentSpec {
  readonly name: string
  readonly about: string
  readonly required?: boolean
  readonly many?: boolean
}

export type Options = Readonly<Record<string, OptionSpec>>
export type Arguments = readonly ArgumentSpec[]

type OptionValue<S extends OptionSpec> = S extends { kind: 'flag' }
  ? boolean
  : S extends { kind: 'number' }
    ? number | undefined
    : S extends { kind: 'choice'; choices: readonly (infer C)[] }
      ? C | undefined
      : S extends { kind: 'list' }
        ? readonly string[]
        : string | undefined

type CamelCase<S extends string> = S extends `${infer A}-${infer B}` ? `${A}${Capitalize<CamelCase<B>>}` : S

/** What a command gets: every option by its camelCase name, and the words of the command line as `words`. */
export type InputOf<O extends Options> = { readonly [K in keyof O & string as CamelCase<K>]: OptionValue<O[K]> } & {
  readonly words: readonly string[]
}

/** A command prints by returning an Outcome; one that streams writes to the context and returns its exit code. */
export type Run<I> = (input: I, context: Context) => Promise<Outcome | ExitCode>

export interface CommandSpec {
  /** the words that name it: `topics apply` */
  readonly path: string
  readonly summary: string
  /** what the summary leaves out, in paragraphs */
  readonly details?: string
  readonly arguments: Arguments
  readonly options: Options
  readonly examples: readonly string[]
  readonly load: () => Promise<{ run: Run<never> }>
}

/** Declares a command; the types make sure that what is loaded takes what the table gives. */
export function command<const O extends Options>(spec: {
  path: string
  summary: string
  details?: string
  arguments?: Arguments
  options: O
  examples: readonly string[]
  load: () => Promise<{ run: Run<InputOf<O>> }>
}): CommandSpec {
  return { ...spec, arguments: spec.arguments ?? [], load: spec.load as CommandSpec['load'] }
}
