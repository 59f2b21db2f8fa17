// evplat new topic: declares a topic in platform.yaml.
import { EvplatError } from '../../core/errors.ts'
import { topicNameProblem } from '../../platform/topic-names.ts'
import { addTopic } from '../../scaffold/edit/entries.ts'
import type { Context, Outcome } from '../context.ts'
import { editedPlatform, platformText } from './edited-platform.ts'

interface TopicInput {
  readonly words: readonly string[]
  readonly file: string | undefined
  readonly partitions: number | undefined
  readonly value: string | undefined
}

function valueOf(text: string): { kind: 'string' | 'json' | 'bytes' } | { schema: string } {
  if (text === 'string' || text === 'json' || text === 'bytes') return { kind: text }
  if (text.endsWith('.avsc')) return { schema: text }
  throw new EvplatError('usage', `--value takes string, json, bytes or a file that ends in .avsc, not "${text}"`)
}

/** Adds a topic to platform.yaml, whose comments and order stay. */
export async function run(input: TopicInput, context: Context): Promise<Outcome> {
  const name = input.words[0]!
  const problem = topicNameProblem(name)
  if (problem !== undefined)
    throw new EvplatError('usage', `the topic "${name}" ${problem}`, { hint: '`evplat new topic orders.placed`' })
  const value = input.value === undefined ? undefined : valueOf(input.value)
  const before = await platformText(input, context)
  const there = before.platform.topics.find((topic) => topic.name === name)
  if (there)
    throw new EvplatError(
      'already-declared',
      `the topic "${name}" is declared already: ${there.at.file}:${there.at.line}`,
      {
        hint: 'change it there, and look at `evplat plan`',
      },
    )
  const { partitions } = input
  const text = addTopic(before.text, name, { ...(partitions !== undefined && { partitions }), ...(value && { value }) })
  const edited = await editedPlatform(before, text, context)
  await edited.write()
  const { file, topics } = edited.platform
  const made = topics.find((topic) => topic.name === name)!
  return {
    value: { file, topic: { name, partitions: made.partitions, value: made.value } },
    text: () => `topic ${name} declared in ${file}:${made.at.line}\n\nnext: \`evplat apply\`\n`,
  }
}
