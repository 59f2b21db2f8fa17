import { api } from '../api.ts'
import { array, int16, int32, int8, string } from '../notation.ts'

export const deleteAcls = api({
  key: 31,
  name: 'DeleteAcls',
  versions: [0, 3],
  flexible: 2,
  request: {
    filters: array({
      resourceTypeFilter: int8(),
      resourceNameFilter: string({ nullable: 0 }),
      patternTypeFilter: int8({ since: 1, default: 3 }),
      principalFilter: string({ nullable: 0 }),
      hostFilter: string({ nullable: 0 }),
      operation: int8(),
      permissionType: int8(),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    filterResults: array({
      errorCode: int16(),
      errorMessage: string({ nullable: 0 }),
      matchingAcls: array({
        errorCode: int16(),
        errorMessage: string({ nullable: 0 }),
        resourceType: int8(),
        resourceName: string(),
        patternType: int8({ since: 1, default: 3 }),
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  },
})
