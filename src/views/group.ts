import { counted } from '../core/counted.ts'
import type { Style } from '../core/style.ts'
import type { GroupDescription } from '../kafka/admin/groups.ts'
import { columnLines } from './table.ts'

/** Head, then a line per partition: who reads it, how far, how far behind. */
export function groupText(group: GroupDescription, lag: number, style: Style): string {
  const { name, state, members, offsets } = group
  const readers = new Map(
    members.flatMap((member) => member.partitions.map((p) => [`${p.topic}/${p.partition}`, member] as const)),
  )
  const assigned = [...readers.keys()].filter(
    (at) => !offsets.some((offset) => `${offset.topic}/${offset.partition}` === at),
  )
  const count = counted(members.length, 'member')
  const rows = [
    ...offsets.map((offset) => {
      const reader = readers.get(`${offset.topic}/${offset.partition}`)
      return [
        offset.topic,
        offset.partition,
        offset.committed,
        offset.end,
        offset.lag,
        reader ? `${reader.client} ${reader.host}` : '-',
      ].map(String)
    }),
    ...assigned.map((at) => [
      at.slice(0, at.lastIndexOf('/')),
      at.slice(at.lastIndexOf('/') + 1),
      '-',
      '-',
      '-',
      `${readers.get(at)!.client} ${readers.get(at)!.host}`,
    ]),
  ]
  const head = `${style.bold(name)}  ${state}, ${count}, lag ${lag}`
  return (
    [head, '', ...columnLines({ head: ['TOPIC', 'PARTITION', 'COMMITTED', 'END', 'LAG', 'MEMBER'], rows })].join('\n') +
    '\n'
  )
}
