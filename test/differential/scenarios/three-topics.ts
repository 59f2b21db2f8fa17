import { create, topic } from '../requests.ts'

/** The topics that most scenarios of the cluster begin with. */
export const three = create(7, [topic('one', { partitions: 3 }), topic('two', { partitions: 2 }), topic('three')])
