// verify against what is there: nothing found, then drift of every kind, told in each of its forms.
import { expect } from 'vitest'
import { block } from '../support/block.ts'
import type { Scenario } from './stage.ts'

const drift: Scenario = {
  name: 'verify tells drift as text, JSON, JUnit and annotations of GitHub, and changes nothing',
  slug: 'drift',
  play: async (stage) => {
    const note = '{"type":"record","name":"DriftNote","fields":[{"name":"text","type":"string"}]}'
    await stage.write('drift/note.avsc', note)
    await stage.declare(block`
      topics:
        drift.notes:
          partitions: 2
          config: { retention.ms: 8d }
          value: { schema: drift/note.avsc, compatibility: FULL }
        drift.gone: {}
    `)
    const passed = 'passed  platform\npassed  settings\npassed  topics\npassed  schemas\n'
    expect((await stage.run('verify')).code).toBe(2)
    await stage.done('apply --yes')
    expect(await stage.run('verify')).toEqual({ code: 0, stdout: passed, stderr: '' })
    expect(await stage.run('verify -o github')).toEqual({ code: 0, stdout: '', stderr: '' })

    await stage.kafka('topics', '--delete --topic drift.gone')
    await stage.kafka('topics', '--alter --topic drift.notes --partitions 3')
    await stage.kafka('configs', '--alter --entity-type topics --entity-name drift.notes --delete-config retention.ms')
    await stage.ask('PUT', '/config/drift.notes-value', { compatibility: 'NONE' })
    await stage.write('drift/note.avsc', note.replace('"string"', '"string","default":""'))
    const blocked = "apply is blocked: Kafka can't take partitions away from a topic (3 -> 2)"
    const missing = '`evplat apply` makes it so'
    const found = [
      ['partitions of topic "drift.notes" is 3, platform.yaml says 2', 6, 17, blocked, 1],
      ['config.retention.ms of topic "drift.notes" is 604800000, platform.yaml says 691200000', 7, 29, blocked, 2],
      ['compatibility of subject "drift.notes-value" is NONE, platform.yaml says FULL', 8, 22, missing, 15],
      ['the schema of subject "drift.notes-value" is not the declared one', 8, 22, missing, 15],
      ['topic "drift.gone" does not exist', 9, 3, missing, 10],
    ] as const
    const file = 'drift.yaml'
    expect(await stage.json('verify')).toEqual({
      findings: found.map(([message, line, column, remedy]) => ({
        severity: 'error',
        code: 'drift',
        message,
        file,
        line,
        column,
        remedy,
      })),
      checks: [
        { name: 'platform', passed: true },
        { name: 'settings', passed: true },
        { name: 'topics', passed: false },
        { name: 'schemas', passed: false },
      ],
      summary: { passed: 2, failed: 2 },
    })
    const text = await stage.run('verify')
    expect([text.code, text.stderr, text.stdout]).toEqual([
      2,
      '',
      block`
        error[drift]: partitions of topic "drift.notes" is 3, platform.yaml says 2
          --> drift.yaml:6:17
        6 |     partitions: 2
          |                 ^
          = apply is blocked: Kafka can't take partitions away from a topic (3 -> 2)

        error[drift]: config.retention.ms of topic "drift.notes" is 604800000, platform.yaml says 691200000
          --> drift.yaml:7:29
        7 |     config: { retention.ms: 8d }
          |                             ^^
          = apply is blocked: Kafka can't take partitions away from a topic (3 -> 2)

        error[drift]: compatibility of subject "drift.notes-value" is NONE, platform.yaml says FULL
          --> drift.yaml:8:22
        8 |     value: { schema: drift/note.avsc, compatibility: FULL }
          |                      ^^^^^^^^^^^^^^^
          = \`evplat apply\` makes it so

        error[drift]: the schema of subject "drift.notes-value" is not the declared one
          --> drift.yaml:8:22
        8 |     value: { schema: drift/note.avsc, compatibility: FULL }
          |                      ^^^^^^^^^^^^^^^
          = \`evplat apply\` makes it so

        error[drift]: topic "drift.gone" does not exist
          --> drift.yaml:9:3
        9 |   drift.gone: {}
          |   ^^^^^^^^^^
          = \`evplat apply\` makes it so

        passed  platform
        passed  settings
        FAILED  topics
        FAILED  schemas
      `,
    ])
    expect(await stage.run('verify -o github')).toEqual({
      code: 2,
      stdout: found
        .map(
          ([message, line, column, remedy, length]) =>
            `::error file=${file},line=${line},col=${column},endColumn=${column + length},title=evplat drift::${message}%0A${remedy}\n`,
        )
        .join(''),
      stderr: '',
    })
    const xml = (content: string): string => content.replaceAll('"', '&quot;').replaceAll('>', '&gt;')
    const cases = found.flatMap(([message, line, column, remedy]) => {
      const at = `${file}:${line}:${column}`
      return [
        `    <testcase classname="evplat.drift" name="${xml(`${message} (${at})`)}" file="${file}" line="${line}">`,
        `      <failure type="drift" message="${xml(message)}">${xml(message)}&#10;${at}&#10;${xml(remedy)}</failure>`,
        '    </testcase>\n',
      ].join('\n')
    })
    const counts = 'tests="9" failures="7" errors="0" skipped="0"'
    expect(await stage.run('verify -o junit')).toEqual({
      code: 2,
      stdout: block`
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="evplat verify" ${counts}>
          <testsuite name="evplat verify" ${counts}>
            <testcase classname="evplat.checks" name="platform"/>
            <testcase classname="evplat.checks" name="settings"/>
            <testcase classname="evplat.checks" name="topics">
              <failure message="topics failed"/>
            </testcase>
            <testcase classname="evplat.checks" name="schemas">
              <failure message="schemas failed"/>
            </testcase>
        ${cases.join('').trimStart().trimEnd().replaceAll('\n', '\n        ').replace(/^/, '    ')}
          </testsuite>
        </testsuites>
      `,
      stderr: '',
    })
    expect((await stage.javaTopic('drift.notes'))?.partitions).toBe(3)
    expect(await stage.javaTopic('drift.gone')).toBeUndefined()
  },
}

export const verifyScenarios: readonly Scenario[] = [drift]
