// What `evplat types` writes for a service, and which of it is not there as it should be.
import type { Platform, Service, Topic } from '../../platform/platform.ts'
import type { RenderedFile } from '../render.ts'
import { topicsFile } from './topics-file.ts'
import { capitalised } from './type-names.ts'
import { type Root, typesFile } from './types-file.ts'

/** The folder of what is generated, within that of a service. */
export const generatedFolder = 'src/generated'

/** `types.ts` and `topics.ts` of a service, relative to its folder. */
export function serviceFiles(service: Service, platform: Pick<Platform, 'topics' | 'subjects'>): RenderedFile[] {
  const used = new Set([...service.produces, ...service.consumes])
  const topics = platform.topics.filter((topic) => used.has(topic.name))
  const roots = distinctRoots(topics)
  const subjects = platform.subjects.filter((subject) => roots.has(subject.name))
  const { content, names } = typesFile(subjects.map(({ name, schema }) => ({ ...roots.get(name)!, schema })))
  const types = new Map(subjects.map(({ name }, at) => [name, names[at]!]))
  return [
    { path: `${generatedFolder}/types.ts`, content },
    { path: `${generatedFolder}/topics.ts`, content: topicsFile({ service, topics, subjects, types }) },
  ]
}

/** Subject -> what its type is called where its schema has no name. Topics may share a subject: the first names it. */
function distinctRoots(topics: readonly Topic[]): ReadonlyMap<string, Omit<Root, 'schema'>> {
  const roots = new Map<string, Omit<Root, 'schema'>>()
  for (const topic of topics)
    for (const part of ['key', 'value'] as const) {
      const format = topic[part]
      if (format.kind !== 'avro' || roots.has(format.subject)) continue
      roots.set(format.subject, { name: capitalised(topic.name, part), doc: `The ${part} of the topic ${topic.name}.` })
    }
  return roots
}

/** Whether a file is there as it is generated. Git may have given its lines the ends of the machine. */
export function isCurrent({ content }: RenderedFile, present: string | undefined): boolean {
  return present?.replaceAll('\r\n', '\n') === content
}
