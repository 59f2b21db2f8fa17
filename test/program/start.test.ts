// What every start does: help, version, wrong words, and loading nothing that the command does not need.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { evplat, temporaryFolder } from '../support/evplat.ts'
import { skipNote } from '../support/native-runtime.ts'

describe('help and version', () => {
  test('the first page lists the commands, exit 0', async () => {
    const { code, stdout, stderr } = await evplat([])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('Usage: evplat COMMAND [OPTIONS]')
    expect((await evplat(['--help'])).stdout).toBe(stdout)
    expect((await evplat(['help'])).stdout).toBe(stdout)
  })

  test('a command, and a noun, have their own pages', async () => {
    expect((await evplat(['produce', '--help'])).stdout).toContain('Usage: evplat produce TOPIC [OPTIONS]')
    expect((await evplat(['help', 'topics', 'list'])).stdout).toContain('Usage: evplat topics list [OPTIONS]')
    expect((await evplat(['topics', '-h'])).stdout).toContain('Usage: evplat topics COMMAND [OPTIONS]')
  })

  test('the version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(await evplat(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe('completion', () => {
  const missing = spawnSync('bash', ['--version']).status === 0 ? undefined : 'bash is not installed'
  test.each(['bash', 'zsh', 'fish'])('%s', async (shell) => {
    const { code, stdout } = await evplat(['completion', shell])
    expect(code).toBe(0)
    expect(stdout).toContain('--detailed-exitcode'.slice(shell === 'fish' ? 2 : 0))
  })

  test.skipIf(missing !== undefined)(`bash completes commands, options and choices${skipNote(missing)}`, async () => {
    const { stdout } = await evplat(['completion', 'bash'])
    const complete = (...words: string[]): string[] => {
      const run = `${stdout}\nCOMP_WORDS=(evplat ${words.map((w) => `'${w}'`).join(' ')}); COMP_CWORD=${words.length}; _evplat; printf '%s\\n' "\${COMPREPLY[@]}"`
      return spawnSync('bash', ['-c', run], { encoding: 'utf8' }).stdout.trim().split('\n')
    }
    expect(complete('to')).toEqual(['topics'])
    expect(complete('new', 's')).toEqual(['service'])
    expect(complete('new', 'listener', '--s')).toEqual(['--service'])
    expect(complete('topics', 'd')).toEqual(['describe', 'delete'])
    expect(complete('plan', '--det')).toEqual(['--detailed-exitcode'])
    expect(complete('plan', '--output', 'j')).toEqual(['json'])
  })
})

describe('what is loaded', () => {
  interface Output {
    readonly entryPoint?: string
    readonly imports: readonly { readonly path: string; readonly kind: string }[]
    readonly inputs: Readonly<Record<string, unknown>>
  }
  const outputs = (): Record<string, Output> =>
    (JSON.parse(readFileSync('dist/meta.json', 'utf8')) as { outputs: Record<string, Output> }).outputs

  /** The sources of everything that an entry loads when it starts. */
  function inputsOf(entry: string): string[] {
    const all = outputs()
    const start = Object.keys(all).find((path) => all[path]!.entryPoint === entry)!
    const seen = new Set<string>()
    const visit = (path: string): void => {
      if (seen.has(path) || !all[path]) return
      seen.add(path)
      for (const { path: next, kind } of all[path].imports) if (kind === 'import-statement') visit(next)
    }
    visit(start)
    return [...seen].flatMap((path) => Object.keys(all[path]?.inputs ?? {}))
  }

  const packagesOf = (entry: string): Set<string> =>
    new Set(inputsOf(entry).flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []))

  test('the first steps load no package at all', () => {
    for (const entry of ['src/cli/main.ts', 'src/cli/help.ts', 'src/cli/table.ts'])
      expect([...packagesOf(entry)]).toEqual([])
  })

  test('`evplat/embedded` loads the broker and the registry, and nothing of the command line', () => {
    const inputs = inputsOf('src/stack/embedded/start-embedded.ts')
    const folders = new Set(inputs.flatMap((input) => /^src\/([^/]+)\//.exec(input)?.[1] ?? []))
    expect([...folders].toSorted()).toEqual(['avro', 'broker', 'core', 'protocol', 'registry-server', 'stack'])
    const small = ['fzstd', 'lossless-json', 'lz4js', 'snappyjs']
    expect([...packagesOf('src/stack/embedded/start-embedded.ts')].filter((name) => !small.includes(name))).toEqual([])
  })

  test('a command loads no package that it does not use', () => {
    const heavy = ['kafkajs', 'dockerode', 'pg', '@inquirer/prompts', '@inquirer/core', 'ejs', 'zod', 'yaml']
    const loads = (entry: string): string[] => heavy.filter((name) => packagesOf(entry).has(name))
    expect(loads('src/commands/stream/consume.ts')).toEqual([])
    expect(loads('src/commands/stream/produce.ts')).toEqual([])
    expect(loads('src/commands/topics/list.ts')).toEqual([])
    expect(loads('src/commands/plan.ts')).toEqual(['zod', 'yaml'])
    expect(loads('src/commands/verify.ts')).toEqual(['zod', 'yaml'])
    // the types of its services follow from the platform.yaml that it writes
    expect(loads('src/commands/init.ts')).toEqual(['ejs', 'zod', 'yaml'])
    expect(loads('src/commands/init-questions.ts')).toContain('@inquirer/core')
    expect(loads('src/commands/stream/consume-group.ts')).toEqual(['kafkajs'])
    expect(loads('src/stack/processes/up.ts')).toEqual([])
    expect(loads('src/stack/databases/postgres/client.ts')).toEqual([])
  })

  test('dockerode is a chunk of its own, without what evplat does not use of it; help, plan and consume load nothing of it', () => {
    const ofDockerode = ['dockerode', 'docker-modem', 'tar-fs', '@balena/dockerignore', 'readable-stream']
    const connect = packagesOf('src/stack/docker/engine/connect.ts')
    expect(ofDockerode.filter((name) => !connect.has(name))).toEqual([])
    const unused = ['ssh2', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs', 'cpu-features']
    expect(unused.filter((name) => connect.has(name))).toEqual([])
    const entries = ['src/cli/main.ts', 'src/cli/help.ts', 'src/cli/table.ts', 'src/commands/plan.ts']
    for (const entry of [...entries, 'src/commands/stream/consume.ts', 'src/commands/doctor.ts'])
      expect([entry, ofDockerode.filter((name) => packagesOf(entry).has(name))]).toEqual([entry, []])
  })
})

describe('wrong words', () => {
  test.each([
    [['plna'], 'error[usage]: unknown command "plna"\n  try: did you mean "plan"? See `evplat --help`\n'],
    [
      ['topics', 'lits'],
      'error[usage]: unknown command "lits"\n  try: did you mean "list"? See `evplat topics --help`\n',
    ],
    [['topics'], 'error[usage]: topics needs a command\n  try: see `evplat topics --help`\n'],
    [['plan', '--enviroment', 'x'], 'error[usage]: unknown option --enviroment\n  try: see `evplat plan --help`\n'],
    [
      ['plan', '--detailed-exitcod'],
      'error[usage]: unknown option --detailed-exitcod\n  try: did you mean "--detailed-exitcode"? See `evplat plan --help`\n',
    ],
    [['plan', 'now'], 'error[usage]: too many words for evplat plan\n  try: see `evplat plan --help`\n'],
    [['consume'], 'error[usage]: evplat consume needs TOPIC\n  try: see `evplat consume --help`\n'],
    [['consume', 't', '--from'], 'error[usage]: option --from needs a value\n  try: see `evplat consume --help`\n'],
    [['consume', 't', '-n', 'many'], 'error[usage]: --number takes a whole number of at least 0, not "many"\n'],
    [
      ['plan', '-o', 'jsn'],
      'error[usage]: --output takes text, json or yaml, not "jsn"\n  try: did you mean "json"?\n',
    ],
  ])('%j', async (args, stderr) => {
    expect(await evplat(args, { cwd: temporaryFolder() })).toEqual({ code: 64, stdout: '', stderr })
  })

  test('an error is JSON when JSON was asked for', async () => {
    const { code, stdout, stderr } = await evplat(['plan', '-o', 'json', '--nope'])
    expect([code, stdout]).toEqual([64, ''])
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'usage', message: 'unknown option --nope', hint: 'see `evplat plan --help`' },
    })
  })
})
