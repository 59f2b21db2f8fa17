// Text -> the nodes of the `yaml` library, bounded, with what is wrong in the words of this house.
import { type CST, Composer, type Document, Lexer, type ParsedNode, Parser, type YAMLError } from 'yaml'
import type { Problem, Report } from './report.ts'
import { type Source, placeIn } from './source.ts'

/** a lexeme costs up to 0.5 kB while it is parsed; 10,000 topics of five lines have 530,000 */
const maxLexemes = 1_500_000
const maxNesting = 64

/**
 * The nodes of a YAML text with one document; every scalar is a string. Undefined when the text is not well-formed:
 * then the report has the first problem, because what follows it is mostly its consequence.
 */
export function parseYaml(source: Source, report: Report): ParsedNode | null | undefined {
  const composer = new Composer({ uniqueKeys: false, schema: 'failsafe', prettyErrors: false, logLevel: 'silent' })
  let isTooLarge = false
  const tokens = boundedTokens(shieldVariables(source.text), (at, message) => {
    isTooLarge = true
    const remedy = `at most ${maxLexemes} words and signs and ${maxNesting} brackets within each other are read`
    report.error({ code: 'yaml-too-large', at: placeIn(source, at), message, remedy })
  })
  let first: Document.Parsed | undefined
  for (const document of composer.compose(tokens, true, source.text.length)) {
    if (first) {
      report.error({
        code: 'yaml-documents',
        at: placeIn(source, document.range[0], document.range[0] + 3),
        message: 'the file holds more than one document',
        remedy: 'keep one document in one file: take out the line with "---" and what follows it',
      })
      return undefined
    }
    first = document
  }
  if (isTooLarge) return undefined
  const problem = first?.errors[0] ?? first?.warnings[0]
  if (problem) report.error(explained(problem, source))
  return problem ? undefined : (first?.contents ?? null)
}

function* boundedTokens(text: string, tooLarge: (at: number, message: string) => void): Generator<CST.Token> {
  const parser = new Parser()
  let [offset, count, nesting] = [0, 0, 0]
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') nesting++
    else if (lexeme === ']' || lexeme === '}') nesting--
    if (++count > maxLexemes) return tooLarge(offset, 'the file is too large')
    if (nesting > maxNesting) return tooLarge(offset, 'brackets are nested too deeply')
    yield* parser.next(lexeme)
    if (!lexerMarks.has(lexeme)) offset += lexeme.length
  }
  yield* parser.end()
}

/** What the lexer tells the parser by a control character; it stands for no text. */
const lexerMarks = new Set(['\u{02}', '\u{18}', '\u{1F}'])

/** Characters that would end `${...}` in a flow map, and what stands for them while YAML is read: noncharacters of Unicode. */
const shielded = '{}[],:#'
const shields = '\uFDD0\uFDD1\uFDD2\uFDD3\uFDD4\uFDD5\uFDD6'

/** Lets `{ user: ${USER} }` be read as it is meant. The length of the text stays. */
function shieldVariables(text: string): string {
  if (!text.includes('${')) return text
  return text.replaceAll(/\$\{[^{}\n]*\}/g, (variable) =>
    variable.replaceAll(/[{}[\],:#]/g, (sign) => shields[shielded.indexOf(sign)]!),
  )
}

/** A scalar as it was before `parseYaml` shielded its variables. */
export function unshielded(text: string): string {
  return /[\uFDD0-\uFDD6]/.test(text)
    ? text.replaceAll(/[\uFDD0-\uFDD6]/g, (sign) => shielded[shields.indexOf(sign)]!)
    : text
}

// the library's own messages quote the text, which may be a secret
const explanations: Partial<Record<YAMLError['code'], readonly [message: string, remedy: string]>> = {
  TAB_AS_INDENT: ['a tab indents this line', 'indent with spaces'],
  MISSING_CHAR: ['a closing quote or bracket, or a comma, is missing', 'close it here, or on a line before'],
  BAD_INDENT: ['the indentation does not fit the lines before', 'give entries of one map the same indentation'],
  BAD_SCALAR_START: ['a value may not start with this character', 'put the value into quotes'],
  BAD_DQ_ESCAPE: ['this escape is not known', 'write `\\\\` for a backslash, or use single quotes'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a map starts inside a value',
    'put the value into quotes, or its keys on lines of their own',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'a key goes over several lines',
    'is a colon missing? a key and its colon stand on one line',
  ],
  KEY_OVER_1024_CHARS: ['a key has more than 1024 characters', 'a key and its colon stand on one line'],
  TAG_RESOLVE_FAILED: ['tags (`!name`) are not read', 'take the tag away'],
  RESOURCE_EXHAUSTION: ['the file is nested too deeply', 'nothing that is meant here is deeper than eight levels'],
}

function explained({ code, pos }: YAMLError, source: Source): Problem {
  // what is missing at the end of the file is missing behind its last word
  const start = Math.min(pos[0], source.text.trimEnd().length)
  // an open bracket, as the library calls it
  const isBracket = code === 'BAD_INDENT' && /^[\]}]?$/.test(source.text.charAt(start).trim())
  const [message, remedy] = explanations[isBracket ? 'MISSING_CHAR' : code] ?? [
    'this is not well-formed YAML',
    'look at quotes, brackets, colons and indentation, here and on the line before',
  ]
  return { code: 'yaml-syntax', at: placeIn(source, start, pos[1]), message, remedy }
}
