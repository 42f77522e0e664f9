/** One file of a published package, with the digest that pins its content. */
export interface PublishedFile {
  /** Path below the package's root. */
  readonly path: string;
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
}

/** One Moonshine model as its authors published it: two ONNX graphs inside an npm package. */
export interface MoonshineRelease {
  /** Folder that the converted checkpoint gets. */
  readonly folder: string;
  /** `name@version` of the npm package (MIT licence). */
  readonly package: string;
  readonly encoder: PublishedFile;
  readonly decoder: PublishedFile;
}

/** Moonshine tiny, 27 M parameters, float32. */
export const MOONSHINE_TINY: MoonshineRelease = {
  folder: 'moonshine-tiny',
  package: '@usefulsensors/moonshine-js@0.1.2',
  encoder: {
    path: 'dist/model/tiny/float/encoder_model.onnx',
    sha256: 'cbbf580f703b2af2137e0f6d14cd87f31cc67bd858bfd8715403a9489982d1a5',
  },
  decoder: {
    path: 'dist/model/tiny/float/decoder_model_merged.onnx',
    sha256: '4131cef00b62942e9cdef691101f2cc7dbbcd828d71eee8c6c46c28fd051d6cb',
  },
};

/** The same model, quantised to eight bits by its authors. */
export const MOONSHINE_TINY_INT8: MoonshineRelease = {
  folder: 'moonshine-tiny-int8',
  package: '@usefulsensors/moonshine-js@0.1.17',
  encoder: {
    path: 'dist/model/tiny/quantized/encoder_model.onnx',
    sha256: 'c6fc4b7bc5af75c0591fd157a1f3829b533d18e9769a888fd95a62e470dd4f4a',
  },
  decoder: {
    path: 'dist/model/tiny/quantized/decoder_model_merged.onnx',
    sha256: 'eed87831c3a6103534aae7d47a5d485025c659a1323901513961c39fe8a1a367',
  },
};

/** Moonshine base, 61 M parameters, wider and deeper, trained on its own; quantised to eight bits. */
export const MOONSHINE_BASE_INT8: MoonshineRelease = {
  folder: 'moonshine-base-int8',
  package: '@usefulsensors/moonshine-js@0.1.17',
  encoder: {
    path: 'dist/model/base/quantized/encoder_model.onnx',
    sha256: '1dd9ab0a7f987113d30affcba5a068d11c8f90fa0223caa3e491ade431ad9751',
  },
  decoder: {
    path: 'dist/model/base/quantized/decoder_model_merged.onnx',
    sha256: 'cc9f3cd6698a369c6008b41aa60aa3fb3322e7f03c9bdf19d8e6b7200afca4f3',
  },
};
