export { turn } from '../system/slices'
