export { findValidator, type Validator } from './find-validator.js';
