// Reads the corpus files of test/corpus/avro: plain text, one schema or value per line, so that people can read and extend them.
import { readFileSync } from 'node:fs'
import { chunks } from '../../src/core/bounded.ts'

export interface CorpusValue {
  readonly schema: string
  /** the plain form */
  readonly plain: string
  /** the specification's own form */
  readonly avro: string
  /** the plain form is read, but written in another way */
  readonly isInputOnly: boolean
}

export function corpusValues(): CorpusValue[] {
  let schema = ''
  return linesOf('values.txt').flatMap((line): CorpusValue[] => {
    if (!line.startsWith(' ')) {
      schema = line
      return []
    }
    const isInputOnly = line.startsWith('  ~ ')
    const [plain, avro = plain] = line.slice(isInputOnly ? 4 : 2).split(' => ') as [string, string?]
    return [{ schema, plain, avro, isInputOnly }]
  })
}

/** The lines of a corpus file without comments and empty ones. */
export function linesOf(file: string): string[] {
  const text = readFileSync(new URL(`../corpus/avro/${file}`, import.meta.url), 'utf8')
  return text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
}

export interface CorpusPair {
  readonly title: string
  /** the older schema and the newer */
  readonly schemas: readonly [string, string]
  /** kinds of incompatibility, sorted, between spaces, '' for none: where the second reads the first, and the other way round */
  readonly kinds: readonly [string, string]
}

export function corpusPairs(): CorpusPair[] {
  return chunks(linesOf('compatibility.txt'), 5).map(([title, older, newer, forth, back]) => {
    const kindsIn = (line: string): string => line.replace(/^.*: /, '').replace('compatible', '')
    return { title: title!, schemas: [older!.trim(), newer!.trim()], kinds: [kindsIn(forth!), kindsIn(back!)] }
  })
}

export interface CorpusReading {
  readonly writer: string
  readonly reader: string
  /** in the specification's own form */
  readonly written: string
  /** undefined where the reader cannot take the value */
  readonly read: string | undefined
}

export function corpusReadings(): CorpusReading[] {
  let schemas: string[] = []
  return linesOf('resolution.txt').flatMap((line): CorpusReading[] => {
    if (!line.startsWith(' ')) {
      schemas = [...schemas.slice(-1), line]
      return []
    }
    const [written, read] = line.trim().split(' => ') as [string, string]
    return [{ writer: schemas[0]!, reader: schemas[1]!, written, read: read === 'error' ? undefined : read }]
  })
}
