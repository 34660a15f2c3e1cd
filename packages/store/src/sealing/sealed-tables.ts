/** Every table that holds secrets: what names a row, and the column that held its secret in plain before there were keys, if it is so old. A secret is sealed for the place that these columns name. */
export const sealedTables = [
  { table: 'kept_values', key: ['app', 'key'], plain: 'value' },
  { table: 'databases', key: ['app', 'name'], plain: 'password' },
  { table: 'kept_answers', key: ['asker', 'route', 'key'], plain: undefined },
  { table: 'channels', key: ['id'], plain: undefined },
  { table: 'hooks', key: ['app'], plain: undefined },
] as const

export type SealedTable = (typeof sealedTables)[number]
