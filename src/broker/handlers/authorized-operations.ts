// Sets of operations as bits (KIP-430). Without an authoriser everybody may do all that there is.

/** on a topic: read, write, create, delete, alter, describe, and their configs */
export const topicOperations = 3576
/** on the cluster */
export const clusterOperations = 8096
/** on a group: read, delete, describe */
export const groupOperations = 328
export const operationsNotAsked = -2_147_483_648
