// ApiVersions: derived from the handlers that there are, never written by hand. Features: what a 3.9 cluster has finalised,
// and nothing of what this broker lacks (KIP-584); without transaction.version clients use the transactions of old.
import { errorCode } from '../../protocol/error-table.ts'
import { apiVersions as api } from '../../protocol/messages/api-versions.ts'
import { type Handler, handler } from '../handler.ts'

/** 3.9-IV0, as the number that KRaft gives it */
const metadataVersion = { name: 'metadata.version', minVersion: 1, maxVersion: 21 }
const softwareName = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

/** The handler that tells of all of them, itself included. */
export function tellApiVersions(others: readonly Handler[]): Handler {
  const own: Handler = handler({
    api,
    versions: [0, 4],
    handle: (_, { clientSoftwareName, clientSoftwareVersion }, { version }) => {
      const isNamed = softwareName.test(clientSoftwareName) && softwareName.test(clientSoftwareVersion)
      if (version >= 3 && !isNamed) return { errorCode: errorCode('INVALID_REQUEST'), apiKeys: [] }
      const { name, maxVersion } = metadataVersion
      return {
        errorCode: 0,
        apiKeys,
        supportedFeatures: [metadataVersion],
        finalizedFeaturesEpoch: 1n,
        finalizedFeatures: [{ name, maxVersionLevel: maxVersion, minVersionLevel: maxVersion }],
      }
    },
  })
  const apiKeys = [...others, own]
    .map(({ api: { key }, versions: [minVersion, maxVersion] }) => ({ apiKey: key, minVersion, maxVersion }))
    .sort((a, b) => a.apiKey - b.apiKey)
  return own
}
