// What a start costs, beside a bare Node: `npm run bench -- start [ROUNDS]`.
import { readFileSync } from 'node:fs'
import { compare, type Contender, printRatios } from './support/side-by-side.ts'

const rounds = Number(process.argv[2] ?? 21)
const node = process.execPath
const { outputs } = JSON.parse(readFileSync('dist/meta.json', 'utf8')) as {
  outputs: Record<string, { entryPoint?: string }>
}
const chunkOf = (entry: string): string => Object.keys(outputs).find((path) => outputs[path]!.entryPoint === entry)!

const contenders: Contender[] = [
  { name: 'evplat --version', command: node, args: ['bin/evplat.js', '--version'] },
  { name: 'evplat --help', command: node, args: ['bin/evplat.js', '--help'] },
  { name: 'loading what consume needs', command: node, args: [chunkOf('src/commands/stream/consume.ts')] },
  { name: 'loading what plan needs', command: node, args: [chunkOf('src/commands/plan.ts')] },
  { name: 'node -e 0', command: node, args: ['-e', '0'] },
]
printRatios(`starts, medians of ${rounds} rounds`, await compare(contenders, rounds))
