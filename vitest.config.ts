import { defineConfig } from 'vitest/config'

const project = (name: string, include: string[], more = {}) => ({ test: { name, include, ...more } })

export default defineConfig({
  test: {
    projects: [
      // property tests take their time where other work takes the processors
      project(
        'unit',
        [
          'src/**/*.test.ts',
          'test/house/*.test.ts',
          'test/differential/*.test.ts',
          'test/fuzz/*.test.ts',
          'test/day-one/*.test.ts',
          'test/crash/*.test.ts',
          'test/service/**/*.test.ts',
        ],
        { testTimeout: 60_000 },
      ),
      // the real command line in temporary folders, with nothing but Node
      project('program', ['test/program/*.test.ts'], { testTimeout: 60_000, globalSetup: 'test/support/built.ts' }),
      // the same among servers that are strange, broken or curious: many starts, and waits
      project('hostile', ['test/hostile/*.test.ts'], { testTimeout: 60_000, globalSetup: 'test/support/built.ts' }),
      // other people's clients on our servers
      project('foreign', ['test/foreign/*.test.ts'], { testTimeout: 120_000 }),
      // other people's clients on the embedded broker
      project('clients', ['test/clients/*.test.ts'], {
        testTimeout: 60_000,
        hookTimeout: 240_000,
        fileParallelism: false,
      }),
      // against libraries of Java, each a judge of what is written here
      project('java', ['test/java/*.test.ts'], { testTimeout: 60_000, hookTimeout: 180_000 }),
      // what `npm start` does
      project('tour', ['test/tour/*.test.ts'], { testTimeout: 300_000, globalSetup: 'test/support/built.ts' }),
      // on a private Docker engine, with images of real servers that are made on this machine (test/docker/lab/README.md)
      project('docker', ['test/docker/*.test.ts'], {
        testTimeout: 240_000,
        hookTimeout: 240_000,
        // there is one engine, and files may kill it
        fileParallelism: false,
        sequence: { groupOrder: 2 },
        globalSetup: ['test/support/built.ts', 'test/docker/lab/setup.ts'],
      }),
      // against a real Apache Kafka on the local JVM
      project('kafka', ['test/kafka/*.test.ts'], {
        testTimeout: 240_000,
        hookTimeout: 240_000,
        // each file has its stack: more at once only wait for each other
        maxWorkers: 2,
        sequence: { groupOrder: 1 },
        globalSetup: 'test/support/built.ts',
      }),
    ],
  },
})
