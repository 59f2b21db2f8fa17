import { api } from '../api.ts'
import { array, int16, int32, int8, string } from '../notation.ts'

export const describeAcls = api({
  key: 29,
  name: 'DescribeAcls',
  versions: [0, 3],
  flexible: 2,
  request: {
    resourceTypeFilter: int8(),
    resourceNameFilter: string({ nullable: 0 }),
    patternTypeFilter: int8({ since: 1, default: 3 }),
    principalFilter: string({ nullable: 0 }),
    hostFilter: string({ nullable: 0 }),
    operation: int8(),
    permissionType: int8(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: 0 }),
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      patternType: int8({ since: 1, default: 3 }),
      acls: array({
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  },
})
