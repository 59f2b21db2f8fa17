// evplat down: stops the stack, and deletes its data where that is asked for.
import { EvplatError } from '../../core/errors.ts'
import { roughSize } from '../../core/size.ts'
import type { StackData } from '../../stack/processes/down.ts'
import { downText } from '../../views/stack.ts'
import type { Context, Outcome } from '../context.ts'
import { createMessages } from './messages.ts'
import { stackHere } from './stack-here.ts'

interface DownInput {
  readonly file: string | undefined
  readonly volumes: boolean
  readonly yes: boolean
}

function describe({ where, servers }: StackData): string {
  const parts = servers.map(({ name, bytes }) => (bytes === undefined ? name : `${name} (${roughSize(bytes)})`))
  return `${parts.join(', ')} in ${where}`
}

/** Answers which servers were stopped and which data was deleted. */
export async function run(input: DownInput, context: Context): Promise<Outcome> {
  const { place, runtime } = await stackHere(input.file, context)
  const data = input.volumes ? await runtime.readData(place) : undefined
  if (data && !input.yes) {
    context.say(`this deletes all topics, records, schemas and databases of the stack: ${describe(data)}`)
    if (!(await context.confirm('This can not be undone. Delete them?')))
      throw new EvplatError('interrupted', 'not confirmed, nothing was stopped, nothing was deleted')
  }
  const messages = createMessages(context, 'stopping')
  try {
    const stopped = await runtime.down({ ...place, deleteData: input.volumes, ...messages })
    const deleted = data?.servers.map(({ name }) => name) ?? []
    return { value: { stopped, deleted }, text: () => downText(stopped, data && describe(data)) }
  } finally {
    messages.end()
  }
}
