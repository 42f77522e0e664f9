export { findTensorflow, type TensorflowFlavour } from './find-tensorflow.js';
