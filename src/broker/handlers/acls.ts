// DescribeAcls, CreateAcls, DeleteAcls: as on a Kafka without an authoriser, which this is. What is not even an ACL ends the connection:
// zero stands for "unknown" in all of its enumerations, and no client may send that.
import { errorCode } from '../../protocol/error-table.ts'
import { createAcls } from '../../protocol/messages/create-acls.ts'
import { deleteAcls } from '../../protocol/messages/delete-acls.ts'
import { describeAcls } from '../../protocol/messages/describe-acls.ts'
import { handler, hangUp } from '../handler.ts'

const disabled = { errorCode: errorCode('SECURITY_DISABLED'), errorMessage: 'No Authorizer is configured.' }

interface Filter {
  readonly resourceTypeFilter: number
  readonly patternTypeFilter: number
  readonly operation: number
  readonly permissionType: number
}

function hasUnknown({ resourceTypeFilter, patternTypeFilter, operation, permissionType }: Filter): boolean {
  return [resourceTypeFilter, patternTypeFilter, operation, permissionType].includes(0)
}

export const describeAclsHandler = handler({
  api: describeAcls,
  versions: [0, 3],
  handle: (_, filter) => {
    if (hasUnknown(filter)) return hangUp
    return { throttleTimeMs: 0, ...disabled, errorMessage: 'No Authorizer is configured on the broker', resources: [] }
  },
})

export const createAclsHandler = handler({
  api: createAcls,
  versions: [0, 3],
  handle: (_, { creations }) => {
    const isBroken = creations.some(({ resourceType, resourcePatternType, operation, permissionType }) =>
      [resourceType, resourcePatternType, operation, permissionType].includes(0),
    )
    return isBroken ? hangUp : { throttleTimeMs: 0, results: creations.map(() => disabled) }
  },
})

export const deleteAclsHandler = handler({
  api: deleteAcls,
  versions: [0, 3],
  handle: (_, { filters }) => {
    if (filters.some(hasUnknown)) return hangUp
    return { throttleTimeMs: 0, filterResults: filters.map(() => ({ ...disabled, matchingAcls: [] })) }
  },
})
