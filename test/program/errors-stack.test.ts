// What is told where a stack can't be started or stopped: programs that are missing, ports that are taken, disks that are full.
// The programs here are real processes that behave badly; real servers that do are in test/kafka/errors-stack.test.ts.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { evplat, script, startEvplat, temporaryFolder, plainEnv } from '../support/evplat.ts'
import { fastClock } from '../support/fast-clock.ts'
import { writeProgram } from '../support/fake-program.ts'
import { makeReadOnly, missingMount, missingUser, mountDisk, openToAll, unprivileged } from '../support/file-systems.ts'
import { skipNote } from '../support/native-runtime.ts'
import { serveTcp } from '../support/strangers.ts'
import { folderWith, platform, tell, tellEach, told, writeFiles } from '../support/told.ts'

const anywhere = { 'platform.yaml': platform('stack: { runtime: native, ports: auto }') }

/** a server that does nothing; it needs no program but the shell and Node */
const runsOn = `exec '${process.execPath}' -e 'setTimeout(() => {}, 300_000)'`

/** The folder of a Java that answers what it is asked for its version, and does `then` when it is to run something. */
async function javaThat(says: string, then = 'exit 0'): Promise<string> {
  const folder = temporaryFolder()
  await writeProgram(join(folder, 'bin', 'java'), `[ "$1" = -version ] && { echo '${says}' >&2; exit 0; }\n${then}`)
  return folder
}

/** The process of a server, once it is noted. */
function pidOf(folder: string, server: string): number | undefined {
  const file = join(folder, '.evplat/stack.json')
  if (!existsSync(file)) return undefined
  const { servers } = JSON.parse(readFileSync(file, 'utf8')) as { servers: { name: string; pid?: number }[] }
  return servers.find(({ name }) => name === server)?.pid
}

/** A stack whose first server was started, by an `up` that did not live to see it ready. */
async function leaveRunning(cwd: string, env: Readonly<Record<string, string>>): Promise<void> {
  const up = startEvplat(['up'], { cwd, env })
  await waitFor(() => Promise.resolve(pidOf(cwd, 'zookeeper')), { timeoutMs: 30_000 })
  up.kill('SIGKILL')
  await up.ended
}

/** Leaves no room on a small disk. */
function fill(disk: string): void {
  try {
    writeFileSync(join(disk, 'rest'), Buffer.alloc(2_000_000))
  } catch {
    // now it is full
  }
}

const missingSecondUser = missingUser ?? (unprivileged.user ? undefined : 'only root can be two users')
const missingFullDevice = existsSync('/dev/full') ? undefined : 'there is no /dev/full'

const java17 = 'openjdk version "17.0.1"'

/** A KAFKA_HOME that looks like one. */
function kafkaHome(version = '3.9.2'): string {
  return folderWith({ [`libs/kafka_2.13-${version}.jar`]: '' })
}

describe('Java', () => {
  test('is missing', async () => {
    const env = { JAVA_HOME: '/nowhere' }
    expect(await tell(['up'], { cwd: folderWith(anywhere), env })).toMatchInlineSnapshot(`
      "exit 1
      error[java-missing]: Kafka 3.9 needs Java, and there is none in JAVA_HOME, "/nowhere"
        try: install a Java of version 11 or newer, and let JAVA_HOME name its folder"
    `)
  })
  test('is no Java', async () => {
    const home = await javaThat('No Java runtime present, requesting install.')
    const options = { cwd: folderWith(anywhere), env: { JAVA_HOME: home }, hide: { [home]: 'HOME' } }
    expect(await tell(['up'], options)).toMatchInlineSnapshot(`
      "exit 1
      error[java-missing]: Kafka 3.9 needs Java, and there is none in JAVA_HOME, "HOME"
        java: No Java runtime present, requesting install.
        try: install a Java of version 11 or newer, and let JAVA_HOME name its folder"
    `)
    const { stderr } = await evplat(['up', '-o', 'json'], options)
    expect(JSON.parse(stderr.replaceAll(home, 'HOME'))).toMatchInlineSnapshot(`
      {
        "error": {
          "code": "java-missing",
          "details": {
            "java": "No Java runtime present, requesting install.
      ",
          },
          "hint": "install a Java of version 11 or newer, and let JAVA_HOME name its folder",
          "message": "Kafka 3.9 needs Java, and there is none in JAVA_HOME, "HOME"",
        },
      }
    `)
  })
  test('is too old', async () => {
    const home = await javaThat('openjdk version "1.8.0_292"')
    const options = { cwd: folderWith(anywhere), env: { JAVA_HOME: home }, hide: { [home]: 'HOME' } }
    expect(await tell(['up'], options)).toMatchInlineSnapshot(`
      "exit 1
      error[java-too-old]: Kafka 3.9 needs Java 11 or newer, and there is Java 8 in JAVA_HOME, "HOME"
        try: install a Java of version 11 or newer, and let JAVA_HOME name its folder"
    `)
  })
})

describe('Kafka', () => {
  test('is not in KAFKA_HOME', async () => {
    const env = { JAVA_HOME: await javaThat(java17), KAFKA_HOME: '/nowhere' }
    expect(await tell(['up'], { cwd: folderWith(anywhere), env })).toMatchInlineSnapshot(`
      "exit 1
      error[kafka-home-unusable]: KAFKA_HOME names "/nowhere", which has no Kafka in libs
        try: correct KAFKA_HOME, or unset it to have the right Kafka fetched"
    `)
  })
  test('in KAFKA_HOME is another', async () => {
    const env = { JAVA_HOME: await javaThat(java17), KAFKA_HOME: kafkaHome('3.7.0') }
    expect(await tell(['up'], { cwd: folderWith(anywhere), env })).toMatchInlineSnapshot(`
      "exit 1
      error[kafka-home-unusable]: KAFKA_HOME is Kafka 3.7.0, and platform.yaml asks for 3.9
        try: correct KAFKA_HOME, or unset it to have the right Kafka fetched; or set \`stack.kafka.version\`"
    `)
  })
  test('would have to be fetched, without Maven', async () => {
    const cache = temporaryFolder()
    const env = { JAVA_HOME: await javaThat(java17), KAFKA_HOME: '', MAVEN_HOME: '/nowhere', XDG_CACHE_HOME: cache }
    expect(await tell(['up'], { cwd: folderWith(anywhere), env, hide: { [cache]: 'CACHE' } })).toMatchInlineSnapshot(`
      "exit 1
      fetching Kafka 3.9.2 with Maven, once: 57 files, 46MiB, into CACHE/evplat/kafka/3.9.2
      error[maven-missing]: Kafka 3.9.2 has to be fetched once, and there is no Maven
        try: install Maven (\`mvn\`), or let KAFKA_HOME name an unpacked Kafka of that version"
    `)
  })
  test('can not be fetched; a password in an address is not shown', async () => {
    const [cache, maven] = [temporaryFolder(), temporaryFolder()]
    const complaint = 'Could not transfer artifact from mirror (http://ann:pass@127.0.0.1:1/): Connection refused'
    await writeProgram(
      join(maven, 'bin', 'mvn'),
      `echo '[INFO] Scanning'; echo '[ERROR] ${complaint} -> [Help 1]'; echo '[ERROR] '; exit 1`,
    )
    const env = { JAVA_HOME: await javaThat(java17), KAFKA_HOME: '', MAVEN_HOME: maven, XDG_CACHE_HOME: cache }
    expect(await tell(['up'], { cwd: folderWith(anywhere), env, hide: { [cache]: 'CACHE' } })).toMatchInlineSnapshot(`
      "exit 1
      fetching Kafka 3.9.2 with Maven, once: 57 files, 46MiB, into CACHE/evplat/kafka/3.9.2
      error[download-failed]: Maven could not fetch Kafka 3.9.2
        maven: Could not transfer artifact from mirror (http://127.0.0.1:1/): Connection refused
        try: when the network answers again, run \`evplat up\` again; or let KAFKA_HOME name an unpacked Kafka"
    `)
  })
  test('that was fetched is not the one that was released', async () => {
    const [cache, maven] = [temporaryFolder(), temporaryFolder()]
    // Maven's last argument names the folder for the jars
    const make = `'${process.execPath}' -e 'fs.mkdirSync(process.argv[1], { recursive: true })'`
    const script = `for last; do :; done; folder=\${last#*=}; ${make} "$folder"; echo x > "$folder/kafka_2.13-3.9.2.jar"`
    await writeProgram(join(maven, 'bin', 'mvn'), script)
    const env = { JAVA_HOME: await javaThat(java17), KAFKA_HOME: '', MAVEN_HOME: maven, XDG_CACHE_HOME: cache }
    expect(await tell(['up'], { cwd: folderWith(anywhere), env, hide: { [cache]: 'CACHE' } })).toMatchInlineSnapshot(`
      "exit 1
      fetching Kafka 3.9.2 with Maven, once: 57 files, 46MiB, into CACHE/evplat/kafka/3.9.2
      error[download-failed]: what Maven fetched is not the Kafka 3.9.2 that was released
        files: argparse4j-0.7.0.jar is missing
               audience-annotations-0.12.0.jar is missing
               caffeine-2.9.3.jar is missing
               commons-beanutils-1.11.0.jar is missing
               commons-cli-1.4.jar is missing
        try: the files in the local Maven repository, or the mirror that they came from, are not the originals"
    `)
  })
  test('has no folder to be fetched into', async () => {
    const files = folderWith({ cache: '' })
    const env = { JAVA_HOME: await javaThat(java17), KAFKA_HOME: '', XDG_CACHE_HOME: join(files, 'cache') }
    expect(await tell(['up'], { cwd: folderWith(anywhere), env, hide: { [files]: 'FOLDER' } })).toMatchInlineSnapshot(`
      "exit 1
      error[file-unusable]: "FOLDER/cache/evplat/kafka" can't be used: a part of its path is not a folder
        try: move out of the way what stands there"
    `)
  })
})

describe('a server', () => {
  test('has no port', async () => {
    const port = await serveTcp(() => undefined)
    const cwd = folderWith({
      'platform.yaml': platform(`stack: { runtime: native, ports: { kafka: ${port}, registry: auto } }`),
    })
    const hide = { [port]: 'PORT', [`process ${process.pid}`]: 'process PID' }
    expect(await tell(['up'], { cwd, hide })).toMatchInlineSnapshot(`
      "exit 1
      error[port-taken]: port PORT of kafka is taken by process PID (node)
        try: stop that process, or set \`stack.ports.kafka\` in platform.yaml to another port or to \`auto\`"
    `)
  })
  test('ends while it is started', async () => {
    const env = {
      JAVA_HOME: await javaThat(java17, `echo 'Error: Could not create the Java Virtual Machine.'; exit 1`),
      KAFKA_HOME: kafkaHome(),
    }
    const cwd = folderWith(anywhere)
    expect(await tell(['up'], { cwd, env })).toMatchInlineSnapshot(`
      "exit 1
      error[server-failed]: zookeeper ended with exit code 1 while it was started
        server: Error: Could not create the Java Virtual Machine.
        try: see \`evplat logs zookeeper\`; \`evplat down\` stops the others"
    `)
    expect(await tell(['down'], { cwd })).toMatchInlineSnapshot(`
      "exit 0
      | nothing was running"
    `)
  })
  test('does not answer', async () => {
    const env = { JAVA_HOME: await javaThat(java17, runsOn), KAFKA_HOME: kafkaHome() }
    const cwd = folderWith(anywhere)
    const up = await tell(['up'], { cwd, env: { ...env, ...fastClock(60) } })
    expect(await tell(['down'], { cwd })).toMatchInlineSnapshot(`
      "exit 0
      | stopped zookeeper"
    `)
    expect(up).toMatchInlineSnapshot(`
      "exit 1
      error[server-not-ready]: zookeeper is not ready after 1 min: nothing listens there yet
        try: see \`evplat logs zookeeper\`; \`evplat down\` stops it"
    `)
  })
})

describe('a stack', () => {
  test('was never started', async () => {
    const cwd = folderWith(anywhere)
    expect(await tell(['plan'], { cwd })).toMatchInlineSnapshot(`
      "exit 1
      error[stack-missing]: the stack has not been started, so its ports are not known
        try: start it with \`evplat up\`, or name its ports in platform.yaml"
    `)
    expect(await tell(['logs'], { cwd })).toMatchInlineSnapshot(`
      "exit 1
      error[stack-missing]: the stack has not been started, so there are no logs
        try: start it with \`evplat up\`"
    `)
  })
  test('has notes that evplat did not write', async () => {
    const cwd = folderWith({ ...anywhere, '.evplat/stack.json': '{' })
    const options = { cwd, hide: { [cwd]: 'FOLDER' } }
    expect(await tellEach([['up'], ['down'], ['status'], ['plan']], options)).toMatchInlineSnapshot(`
      "$ evplat up
      exit 1
      error[stack-unreadable]: "FOLDER/.evplat/stack.json" is not what this version of evplat writes
        try: stop its servers, then remove the file, or the whole folder with its data

      $ evplat down
      exit 1
      error[stack-unreadable]: "FOLDER/.evplat/stack.json" is not what this version of evplat writes
        try: stop its servers, then remove the file, or the whole folder with its data

      $ evplat status
      exit 1
      error[stack-unreadable]: "FOLDER/.evplat/stack.json" is not what this version of evplat writes
        try: stop its servers, then remove the file, or the whole folder with its data

      $ evplat plan
      exit 1
      error[stack-unreadable]: "FOLDER/.evplat/stack.json" is not what this version of evplat writes
        try: stop its servers, then remove the file, or the whole folder with its data"
    `)
  })
  test('is being worked on by another evplat', async () => {
    const env = { JAVA_HOME: await javaThat(java17, runsOn), KAFKA_HOME: kafkaHome() }
    const cwd = folderWith(anywhere)
    const first = startEvplat(['up'], { cwd, env })
    await waitFor(() => Promise.resolve(pidOf(cwd, 'zookeeper')), { timeoutMs: 30_000 })
    const options = { cwd, env: fastClock(1000), hide: { [cwd]: 'FOLDER', [`process ${first.pid}`]: 'process PID' } }
    const waits = await tellEach([['up'], ['down']], options)
    first.kill('SIGTERM')
    expect(told(await first.ended)).toMatchInlineSnapshot(`
      "exit 130
      stopped what had been started: zookeeper
      error[interrupted]: stopped before the end"
    `)
    expect(waits).toMatchInlineSnapshot(`
      "$ evplat up
      exit 1
      another evplat (process PID) is working on this stack, waiting for it
      error[stack-busy]: process PID has been working on the stack in "FOLDER" for 15 min
        try: wait for it, or stop it, and run the command again

      $ evplat down
      exit 1
      another evplat (process PID) is working on this stack, waiting for it
      error[stack-busy]: process PID has been working on the stack in "FOLDER" for 15 min
        try: wait for it, or stop it, and run the command again"
    `)
  })
  test('runs with other settings', async () => {
    const env = { JAVA_HOME: await javaThat(java17, runsOn), KAFKA_HOME: kafkaHome() }
    const cwd = folderWith(anywhere)
    await leaveRunning(cwd, env)
    writeFiles(cwd, {
      'platform.yaml': platform('stack:', '  runtime: native', '  kafka: { version: "4.3" }', '  ports: auto'),
    })
    expect(await tell(['up'], { cwd, env })).toMatchInlineSnapshot(`
      "exit 1
      error[stack-changed]: the stack runs with other settings: kafka.version 3.9 -> 4.3, kafka.coordination zookeeper -> kraft
        --> platform.yaml:3:1
        try: delete it with its data by \`evplat down --volumes\`, then \`evplat up\`; or take the change back"
    `)
    const { code, stderr } = await evplat(['up', '-o', 'json'], { cwd, env })
    expect([code, JSON.parse(stderr)]).toMatchInlineSnapshot(`
      [
        1,
        {
          "error": {
            "code": "stack-changed",
            "details": {
              "changes": [
                "kafka.version 3.9 -> 4.3",
                "kafka.coordination zookeeper -> kraft",
              ],
              "column": 1,
              "file": "platform.yaml",
              "line": 3,
            },
            "hint": "delete it with its data by \`evplat down --volumes\`, then \`evplat up\`; or take the change back",
            "message": "the stack runs with other settings: kafka.version 3.9 -> 4.3, kafka.coordination zookeeper -> kraft",
          },
        },
      ]
    `)
    writeFiles(cwd, {
      'platform.yaml': platform('stack:', '  runtime: native', '  kafka: { brokers: 3 }', '  ports: auto'),
    })
    const options = { cwd, env, hide: { [cwd]: 'FOLDER' } }
    expect(await tellEach([['up'], ['down'], ['up'], ['down', '--volumes', '--yes']], options)).toMatchInlineSnapshot(`
      "$ evplat up
      exit 1
      error[stack-changed]: the stack runs with other settings: kafka.brokers 1 -> 3
        --> platform.yaml:3:1
        try: delete it with its data by \`evplat down --volumes\`, then \`evplat up\`; or take the change back

      $ evplat down
      exit 0
      | stopped zookeeper

      $ evplat up
      exit 1
      error[stack-changed]: the stack has data that was written with other settings: kafka.brokers 1 -> 3
        --> platform.yaml:3:1
        try: delete it with its data by \`evplat down --volumes\`, then \`evplat up\`; or take the change back

      $ evplat down --volumes --yes
      exit 0
      | nothing was running
      | deleted zookeeper (0KiB) in FOLDER/.evplat/data"
    `)
  })
  test('finds a file where its folder is to be', async () => {
    const cwd = folderWith({ ...anywhere, '.evplat': '' })
    expect(await tellEach([['up'], ['down']], { cwd, hide: { [cwd]: 'FOLDER' } })).toMatchInlineSnapshot(`
      "$ evplat up
      exit 1
      error[file-unusable]: "FOLDER/.evplat/config" can't be used: a part of its path is not a folder
        try: move out of the way what stands there

      $ evplat down
      exit 1
      error[file-unusable]: "FOLDER/.evplat" can't be used: something else has that name
        try: move out of the way what stands there"
    `)
  })
})

describe('a native demo without Java', () => {
  test('says which step failed, and cleans up', async () => {
    const folder = temporaryFolder()
    const { code, stdout, stderr } = await evplat(['demo', '--runtime', 'native'], {
      env: { JAVA_HOME: '/nowhere', TMPDIR: folder },
    })
    expect(readdirSync(folder)).toEqual([])
    expect(`exit ${code}\n${stdout}\n${stderr}`).toMatchInlineSnapshot(`
      "exit 1

      # start Apache Kafka and a Schema Registry
      $ evplat up kafka schema-registry

      # stop, and remove everything
      $ evplat down --volumes --yes
      nothing was running

      error[java-missing]: Kafka 3.9 needs Java, and there is none in JAVA_HOME, "/nowhere"
        try: install a Java of version 11 or newer, and let JAVA_HOME name its folder
      error[demo-failed]: \`evplat up kafka schema-registry\` ended with exit code 1
        try: its lines are above; \`evplat demo --keep\` leaves the platform and its stack to be looked at
      "
    `)
  })
})

describe(`a full disk${skipNote(missingMount)}`, () => {
  test.skipIf(missingMount !== undefined)('ends init, and nothing of it is left', async () => {
    const disk = mountDisk(16_384)
    const hide = { [disk]: 'DISK' }
    expect(await tell(['init', join(disk, 'shop'), '--bare'], { hide })).toMatchInlineSnapshot(`
      "exit 1
      error[file-unusable]: "DISK/shop/schemas/order-placed.avsc" can't be used: the disk is full
        try: make room there, and run the command again"
    `)
    expect(await tell(['init', join(disk, 'shop'), '--bare'], { hide })).toMatchInlineSnapshot(`
      "exit 1
      error[file-unusable]: "DISK/shop/schemas/order-placed.avsc" can't be used: the disk is full
        try: make room there, and run the command again"
    `)
  })
  test.skipIf(missingMount !== undefined)('ends up and down', async () => {
    const cwd = mountDisk(8192)
    writeFiles(cwd, { ...anywhere, rest: 'x'.repeat(4096) })
    expect(await tellEach([['up'], ['down']], { cwd, hide: { [cwd]: 'DISK' } })).toMatchInlineSnapshot(`
      "$ evplat up
      exit 1
      error[file-unusable]: "DISK/.evplat" can't be used: the disk is full
        try: make room there, and run the command again

      $ evplat down
      exit 0
      | nothing was running"
    `)
  })
  test.skipIf(missingMount !== undefined)('keeps no server running', async () => {
    const env = { JAVA_HOME: await javaThat(java17, runsOn), KAFKA_HOME: kafkaHome() }
    const cwd = mountDisk(1_000_000)
    writeFiles(cwd, anywhere)
    await leaveRunning(cwd, env)
    const pid = pidOf(cwd, 'zookeeper')
    fill(cwd)
    expect(await tell(['down'], { cwd, hide: { [cwd]: 'DISK' } })).toMatchInlineSnapshot(`
      "exit 1
      stopped zookeeper
      error[file-unusable]: "DISK/.evplat/stack.json" can't be used: the disk is full
        try: make room there, and run the command again"
    `)
    expect(existsSync(`/proc/${pid}`)).toBe(false)
  })
})

describe(`an output that can't be written${skipNote(missingFullDevice)}`, () => {
  test.skipIf(missingFullDevice !== undefined)('is told', () => {
    const run = (args: string): string => {
      const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${script}" ${args} > /dev/full`], {
        env: plainEnv(),
        encoding: 'utf8',
      })
      return `exit ${status}\n${stderr}`
    }
    expect(run('--version')).toMatchInlineSnapshot(`
      "exit 1
      error[file-unusable]: the output can't be written: the disk is full
        try: make room there, and run the command again
      "
    `)
    expect(run('help plan')).toBe(run('--version'))
  })
})

describe(`a read-only disk${skipNote(missingMount)}`, () => {
  test.skipIf(missingMount !== undefined)('ends init and up', async () => {
    const cwd = mountDisk(100_000)
    writeFiles(cwd, anywhere)
    makeReadOnly(cwd)
    expect(await tell(['init', 'new'], { cwd, hide: { [cwd]: 'DISK' } })).toMatchInlineSnapshot(`
      "exit 1
      error[file-unusable]: "DISK/new" can't be used: the file system is read-only
        try: let this user write there, or work in another folder (\`-C\`)"
    `)
    expect(await tell(['up'], { cwd, hide: { [cwd]: 'DISK' } })).toMatchInlineSnapshot(`
      "exit 1
      error[file-unusable]: "DISK/.evplat/config" can't be used: it is not there
        try: was it removed meanwhile? run the command again"
    `)
    expect(await tell(['verify', '--offline'], { cwd })).toMatchInlineSnapshot(`
      "exit 0
      | passed  platform
      | passed  settings"
    `)
  })
})

describe(`another user${skipNote(missingUser)}`, () => {
  test.skipIf(missingUser !== undefined)('may not read platform.yaml', async () => {
    const cwd = openToAll(folderWith(anywhere))
    chmodSync(join(cwd, 'platform.yaml'), 0)
    expect(await tell(['plan'], { cwd, ...unprivileged })).toMatchInlineSnapshot(`
      "exit 1
      error[platform-unreadable]: "platform.yaml" may not be read by this user
        try: let this user read it"
    `)
  })
  test.skipIf(missingUser !== undefined)('may not write', async () => {
    const cwd = openToAll(folderWith(anywhere))
    mkdirSync(join(cwd, '.evplat'))
    chmodSync(join(cwd, '.evplat'), 0o555)
    chmodSync(cwd, 0o555)
    expect(await tell(['init', 'new'], { cwd, hide: { [cwd]: 'FOLDER' }, ...unprivileged })).toMatchInlineSnapshot(`
      "exit 1
      error[file-unusable]: "FOLDER/new" can't be used: this user may not
        try: let this user write there, or work in another folder (\`-C\`)"
    `)
    expect(await tell(['up'], { cwd, hide: { [cwd]: 'FOLDER' }, ...unprivileged })).toMatchInlineSnapshot(`
      "exit 1
      error[file-unusable]: "FOLDER/.evplat/config" can't be used: this user may not
        try: let this user write there, or work in another folder (\`-C\`)"
    `)
    expect(await tell(['down'], { cwd, hide: { [cwd]: 'FOLDER' }, ...unprivileged })).toMatchInlineSnapshot(`
      "exit 1
      error[file-unusable]: "FOLDER/.evplat/lock" can't be used: this user may not
        try: let this user write there, or work in another folder (\`-C\`)"
    `)
  })
})

describe(`a stack of another user${skipNote(missingSecondUser)}`, () => {
  test.skipIf(missingSecondUser !== undefined)('is not stopped', async () => {
    const env = { JAVA_HOME: await javaThat(java17, runsOn), KAFKA_HOME: kafkaHome() }
    const cwd = openToAll(folderWith(anywhere))
    await leaveRunning(cwd, env)
    const pid = pidOf(cwd, 'zookeeper')!
    const options = { cwd, hide: { [`process ${pid}`]: 'process PID', [cwd]: 'FOLDER' } }
    chmodSync(join(cwd, '.evplat'), 0o777)
    const refused = await tell(['down'], { ...options, ...unprivileged })
    expect(await tell(['down'], options)).toMatchInlineSnapshot(`
      "exit 0
      | stopped zookeeper"
    `)
    expect(refused).toMatchInlineSnapshot(`
      "exit 1
      error[server-not-stopped]: process PID was started by another user
        try: stop the stack as the user who started it: \`evplat down\`"
    `)
  })
})
