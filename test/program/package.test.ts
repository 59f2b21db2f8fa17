// The package as users install it: no dependencies, no install script, and it works in an empty folder.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { plainEnv, temporaryFolder } from '../support/evplat.ts'

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

test('installs alone, and init, verify and the commands of the written CI work with it', () => {
  const packed = spawnSync(process.execPath, ['scripts/pack.js'], { encoding: 'utf8' })
  expect(packed.status, packed.stderr).toBe(0)
  const tarball = join(process.cwd(), packed.stdout.trim())
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'package.json'), '{ "name": "user", "private": true }')
  const installed = spawnSync(npm, ['install', '--offline', '--no-audit', '--no-fund', tarball], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(installed.status, installed.stderr).toBe(0)
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['evplat'])
  const own = join(folder, 'node_modules/evplat')
  const manifest = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as Record<string, unknown>
  expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([])
  expect(readFileSync(join(own, 'THIRD-PARTY-LICENSES.txt'), 'utf8')).toContain('kafkajs 2.2.4')
  expect(existsSync(join(own, 'src'))).toBe(false)

  const bin = join(folder, 'node_modules/.bin')
  const env = { ...plainEnv(), PATH: `${bin}:${process.env['PATH']}` }
  const sh = (line: string, cwd: string): { status: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync('bash', ['-ec', line], { cwd, encoding: 'utf8', env })
    return { status, text: stdout + stderr }
  }
  expect(sh('evplat --version', folder)).toMatchObject({ status: 0, text: `${String(manifest['version'])}\n` })
  for (const ci of ['github', 'gitlab']) {
    const platform = join(folder, ci)
    mkdirSync(platform)
    const init = sh(`evplat init --ci ${ci} --yes`, platform)
    expect(init.status, init.text).toBe(0)
    expect(init.text).toContain('next: `evplat up`')
    const workflow = readFileSync(
      join(platform, ci === 'github' ? '.github/workflows/platform.yml' : '.gitlab-ci.yml'),
      'utf8',
    )
    const commands = [...workflow.matchAll(/^\s*- (?:run: )?((?:npm|evplat) .*)$/gm)].map((m) => m[1]!)
    expect(commands.length).toBe(2)
    for (const command of commands) {
      // the package is not published while it is tested: it is installed from the file instead
      const ran = sh(
        command.replace(
          /^npm install --global evplat@\S+$/,
          `npm install --offline --prefix ${join(platform, 'global')} --global ${tarball}`,
        ),
        platform,
      )
      expect(ran.status, `${command}\n${ran.text}`).toBe(0)
    }
  }
})
