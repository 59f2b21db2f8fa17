// `npm run long:cycles -- --size N [--kafka 'version: "3.9", coordination: kraft']`: starts and stops a stack N times, looks for
// what is left after each time, and tells the figures. Ends with code 1 when a start or a stop failed or anything was left.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { size: { type: 'string', default: '20' }, kafka: { type: 'string', default: 'version: "3.9"' } },
})
const size = Number(values.size)
const evplat = fileURLToPath(new URL('../../bin/evplat.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'evplat-cycles-'))
const state = join(folder, '.evplat')

function run(...args) {
  const began = performance.now()
  const { status, stderr } = spawnSync(process.execPath, [evplat, ...args, '-C', folder], { encoding: 'utf8' })
  return { ok: status === 0, stderr, seconds: (performance.now() - began) / 1000 }
}

function answers(port) {
  return new Promise((done) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.once('error', () => done(false))
    socket.once('connect', () => {
      socket.destroy()
      done(true)
    })
  })
}

/** Processes that name the folder, ports that answer, locks. */
async function leftovers() {
  const processes = execFileSync('ps', ['-eww', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder) && !line.includes('cycles.js'))
  const { brokers, controllers = [], registry, zookeeper } = JSON.parse(readFileSync(join(state, 'stack.json'))).ports
  const ports = []
  for (const port of [...brokers, ...controllers, registry, zookeeper])
    if (port !== undefined && (await answers(port))) ports.push(`port ${port}`)
  return [...processes, ...ports, ...readdirSync(state).filter((name) => name.startsWith('lock'))]
}

const figures = { up: [], down: [] }
const problems = []
try {
  writeFileSync(
    join(folder, 'platform.yaml'),
    `apiVersion: evplat/v1\nname: cycles\nstack: { runtime: native, kafka: { ${values.kafka} }, ports: auto }\n`,
  )
  for (let cycle = 1; cycle <= size; cycle++) {
    for (const command of ['up', 'down']) {
      const { ok, stderr, seconds } = run(command)
      figures[command].push(seconds)
      if (!ok) problems.push(`cycle ${cycle}: ${command} failed:\n${stderr}`)
    }
    for (const left of await leftovers()) problems.push(`cycle ${cycle}: left ${left}`)
    process.stderr.write(
      `cycle ${cycle}: up ${figures.up.at(-1).toFixed(1)} s, down ${figures.down.at(-1).toFixed(1)} s\n`,
    )
  }
} finally {
  run('down', '--volumes', '--yes')
  rmSync(folder, { recursive: true, force: true })
}
for (const [command, seconds] of Object.entries(figures)) {
  const sorted = seconds.toSorted((a, b) => a - b)
  const [least, median, most] = [0, Math.floor(sorted.length / 2), sorted.length - 1].map((i) => sorted[i]?.toFixed(1))
  process.stdout.write(`${command}: ${sorted.length} times, ${least} to ${most} s, median ${median} s\n`)
}
process.stdout.write(`${problems.length} problems\n${problems.join('\n')}`)
process.exitCode = problems.length > 0 ? 1 : 0
