// Whose containers, volumes and networks are: what of a project is not of this platform is neither used nor removed.
import { afterEach, describe, expect, test } from 'vitest'
import { skipNote } from '../support/native-runtime.ts'
import { removePlatforms } from '../support/platforms.ts'
import { labDocker, missingLab, newLabPlatform } from './lab-platform.ts'
import { tinyEngine, tinyImage } from './lab/tiny-image.ts'

const missing = missingLab()
afterEach(removePlatforms)

const zookeeper = 'version: "3.9", coordination: zookeeper'

describe.skipIf(missing !== undefined)(`what is of a platform${skipNote(missing)}`, () => {
  test('is not the data of one of the same name in another folder', async () => {
    const first = await newLabPlatform({ kafka: zookeeper })
    await first.succeed('up', 'zookeeper')
    await first.succeed('down')
    const { volumes } = await first.things()
    const second = await newLabPlatform({ kafka: zookeeper, project: first.project })
    const refused = await second.run('up', 'zookeeper')
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(
        `error[project-taken]: volume "${first.project}_zookeeper-data" has the data of another platform "${first.project}", that of "${first.folder}"`,
      ),
    ])
    expect((await second.succeed('down', '--volumes', '--yes')).stdout).toBe('nothing was running\n')
    expect(await first.things()).toEqual({ containers: [], networks: [], volumes })
    await first.succeed('up', 'zookeeper')
    expect((await first.succeed('down', '--volumes', '--yes')).stdout).toContain(
      'deleted zookeeper-data, zookeeper-log',
    )
    await second.succeed('up', 'zookeeper')
  })

  test('is not what somebody runs beside it: that stays, with its network and its volume', async () => {
    await tinyEngine()
    const platform = await newLabPlatform({ kafka: zookeeper })
    const { project } = platform
    const docker = labDocker()
    await platform.succeed('up', 'zookeeper')
    const label = ['--label', `com.docker.compose.project=${project}`]
    await docker(['volume', 'create', ...label, '--label', 'com.docker.compose.volume=uploads', `${project}_uploads`])
    const service = [...label, '--label', 'com.docker.compose.service=web', '--name', `${project}-web-1`]
    const command = ['sh', '-c', 'while :; do sleep 1; done']
    await docker(['run', '--detach', ...service, '--network', `${project}_default`, tinyImage, ...command])
    expect((await platform.succeed('up', 'zookeeper')).stderr).toBe('')
    const down = await platform.succeed('down', '--volumes', '--yes')
    expect(down.stdout).toMatch(/^stopped zookeeper\ndeleted zookeeper-data, zookeeper-log in /)
    expect(down.stderr).toMatch(new RegExp(`^network "${project}_default" stays: .*active endpoints\\n$`))
    expect(await platform.things()).toEqual({
      containers: [`${project}-web-1`],
      networks: [`${project}_default`],
      volumes: [`${project}_uploads`],
    })
    await docker(['rm', '--force', `${project}-web-1`])
    await docker(['volume', 'rm', `${project}_uploads`])
    await platform.succeed('down')
    expect(await platform.things()).toEqual({ containers: [], networks: [], volumes: [] })
  })

  test('a server that was stopped in peace is stopped, one that was killed has failed; logs go on when it is back', async () => {
    const platform = await newLabPlatform({ kafka: zookeeper })
    const docker = labDocker()
    await platform.succeed('up', 'zookeeper')
    const container = `${platform.project}-zookeeper-1`
    const following = platform.start('logs', 'zookeeper', '--follow', '-n', '1000')
    const starts = (): number => following.stdout().match(/binding to port/g)?.length ?? 0
    await expect.poll(starts, { timeout: 30_000 }).toBe(1)
    const state = async (): Promise<unknown> =>
      (await platform.status()).servers.find(({ name }) => name === 'zookeeper')?.state
    await docker(['stop', container])
    expect(await state()).toBe('stopped')
    await platform.succeed('restart', 'zookeeper')
    await expect.poll(starts, { timeout: 30_000 }).toBe(2)
    await docker(['kill', container])
    expect(await state()).toBe('failed')
    following.kill('SIGINT')
    expect((await following.ended).code).toBe(130)
  })
})
