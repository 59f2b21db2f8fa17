// test/clients/README.md: the foreign clients that are tried on the embedded broker, and what each was seen to do.
import { groupBy } from '../../src/core/group-by.ts'
import { type Client, clients } from '../../test/clients/clients.ts'
import { type Feature, features } from '../../test/clients/exercise.ts'

const all = Object.keys(features) as Feature[]

function row({ name, version, from, codecs, lacks, notes }: Client): string {
  const has = all.filter((feature) => !(feature in lacks))
  const seen = has.length === all.length ? 'all' : has.map((feature) => features[feature]).join('; ')
  const reasons = groupBy(Object.keys(lacks) as Feature[], (feature) => lacks[feature])
  const missing = [...reasons].map(([why, rows]) => `${rows.map((feature) => features[feature]).join(', ')}: ${why}`)
  const cells = [
    name,
    version,
    from,
    seen + (notes ? `; ${notes}` : ''),
    codecs.join(', '),
    missing.join('; ') || 'nothing',
  ]
  return `| ${cells.join(' | ')} |`
}

/** The whole page. */
export function clientsPage(): string {
  return (
    [
      '# Foreign clients on the embedded broker',
      '<!-- generated from test/clients/clients.ts by `npm run generate` -->',
      'Each row is a test (`npx vitest run --project clients`): the client does the exercise of exercise.ts on a broker and registry of its own, and has to see what Kafka would show. What a row does not name as lacking was seen to work; what it names was seen to be missing.',
      [
        '| client | version | from | does | codecs | lacks |',
        '|---|---|---|---|---|---|',
        ...Object.values(clients).map(row),
      ].join('\n'),
      `The exercise: ${all.map((feature) => features[feature]).join('; ')}.`,
    ].join('\n\n') + '\n'
  )
}
