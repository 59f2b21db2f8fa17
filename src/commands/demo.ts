// evplat demo: the whole path on a stack of its own, command by command, and away with it at the end.
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { EvplatError } from '../core/errors.ts'
import { elapsed } from '../core/duration.ts'
import { exitCode, type ExitCode } from '../core/exit-codes.ts'
import { packageRoot } from '../core/package-root.ts'
import type { Context } from './context.ts'
import { demoOrders } from './demo-orders.ts'

type DemoRuntime = 'embedded' | 'docker' | 'native'

interface DemoInput {
  readonly events: number | undefined
  readonly runtime: DemoRuntime | undefined
  readonly keep: boolean
}

interface Step {
  readonly title: string
  readonly args: readonly string[]
  readonly stdin?: Readable
  /** show no more than so many lines of what it prints */
  readonly lines?: number
}

/** A copy of the example platform with free ports and a name of its own, so that it never meets a stack that is running. */
async function copyExample(runtime: DemoRuntime): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'evplat-demo-'))
  const root = packageRoot()
  await cp(join(root, 'examples'), join(folder, 'examples'), { recursive: true })
  await cp(join(root, 'schema'), join(folder, 'schema'), { recursive: true })
  const yaml = await readFile(join(root, 'platform.yaml'), 'utf8')
  const stack = `stack:\n  runtime: ${runtime}\n  ports: auto\n`
  const name = `name: ${basename(folder).toLowerCase()}`
  const own = yaml.replace(/^name: .*$/m, name).replace(/^stack:\n {2}runtime: .*\n/m, stack)
  await writeFile(join(folder, 'platform.yaml'), own)
  return folder
}

const starts: Readonly<Record<DemoRuntime, string>> = {
  embedded: 'start a Kafka broker and a Schema Registry, both within Node',
  docker: 'start Apache Kafka and a Schema Registry in containers',
  native: 'start Apache Kafka and a Schema Registry',
}

function steps(events: number, runtime: DemoRuntime): Step[] {
  return [
    { title: starts[runtime], args: ['up', 'kafka', 'schema-registry'] },
    { title: 'what would change, proven by the brokers and the registry', args: ['plan'] },
    { title: 'make it so', args: ['apply', '--yes'] },
    {
      title: `${events} orders, encoded with the registered schema`,
      args: ['produce', 'orders.placed', '--input', 'json'],
      stdin: Readable.from(demoOrders(events)),
    },
    {
      title: 'the newest of each partition, decoded again',
      args: ['consume', 'orders.placed', '--from', '-1', '--exit', '-o', 'json'],
      lines: 3,
    },
    { title: 'all of them, counted', args: ['consume', 'orders.placed', '--exit', '-o', 'json'], lines: 0 },
    { title: 'is everything as platform.yaml says?', args: ['verify'] },
  ]
}

/** Runs one command as a user would; returns the number of lines that it printed. Throws when it fails. */
async function runStep({ args, stdin, lines = Infinity }: Step, folder: string, context: Context): Promise<number> {
  const [program, ...first] = context.self
  const child = spawn(program, [...first, ...args, '-C', folder], {
    stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'inherit'],
    env: context.env,
  })
  const closed = once(child, 'close') as Promise<[number | null]>
  stdin?.pipe(child.stdin!)
  child.stdin?.on('error', () => undefined)
  let count = 0
  let rest = ''
  const print = (line: string): void => {
    if (count++ < lines) context.stdout.write(`${line.length > 200 ? `${line.slice(0, 197)}...` : line}\n`)
  }
  for await (const chunk of child.stdout!) {
    const parts = (rest + String(chunk)).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) print(line)
  }
  if (rest !== '') print(rest)
  const [code] = await closed
  context.signal.throwIfAborted()
  if (code !== 0)
    throw new EvplatError('demo-failed', `\`evplat ${args.join(' ')}\` ended with exit code ${code}`, {
      hint: 'its lines are above; `evplat demo --keep` leaves the platform and its stack to be looked at',
    })
  return count
}

async function tour(folder: string, events: number, list: readonly Step[], context: Context): Promise<void> {
  const { bold, dim, cyan } = context.outputStyle
  for (const step of list) {
    context.stdout.write(`\n${bold(`# ${step.title}`)}\n${cyan(`$ evplat ${step.args.join(' ')}`)}\n`)
    const started = performance.now()
    const lines = await runStep(step, folder, context)
    if (step.lines === 0) {
      context.stdout.write(`${lines} records\n`)
      if (lines !== events)
        throw new EvplatError('demo-failed', `${events} records were written and ${lines} were read`)
    }
    context.stdout.write(`${dim(elapsed(performance.now() - started))}\n`)
  }
}

/** The tour. Whatever happens, the stack is stopped and the folder removed, unless `--keep`. */
export async function run(input: DemoInput, context: Context): Promise<ExitCode> {
  const { events = 10_000, runtime = 'embedded' } = input
  const folder = await copyExample(runtime)
  try {
    await tour(folder, events, steps(events, runtime), context)
    return exitCode.ok
  } finally {
    if (input.keep)
      context.say(`\nthe platform is in ${folder}, and its stack is running: \`evplat down -C ${folder}\` stops it`)
    else {
      context.stdout.write(
        `\n${context.outputStyle.bold('# stop, and remove everything')}\n${context.outputStyle.cyan('$ evplat down --volumes --yes')}\n`,
      )
      await runStep({ title: '', args: ['down', '--volumes', '--yes'] }, folder, {
        ...context,
        signal: new AbortController().signal,
      })
      await rm(folder, { recursive: true, force: true })
    }
  }
}
