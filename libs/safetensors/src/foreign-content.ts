import { MalformedCheckpoint } from '@jokbo/contracts';

/** Byte order mark and white space that may stand before text. */
const BEFORE_TEXT = String.raw`^(?:\xef\xbb\xbf)?\s*`;

/**
 * What commonly lies where a safetensors file should be: its first bytes, the rule, the explanation.
 * None of these can start a valid file: read as N, each is too large or has no `{` behind it.
 */
const SIGNATURES: readonly (readonly [RegExp | readonly string[], rule: string, what: string])[] = [
  [['version https://git-lfs'], 'lfs-pointer', 'a git-LFS pointer: the file itself was never fetched'],
  [new RegExp(`${BEFORE_TEXT}<(?:!doctype|html|head|body|!--)`, 'i'), 'not-safetensors-html', 'an HTML page'],
  [new RegExp(`${BEFORE_TEXT}<(?:\\?xml|error)`, 'i'), 'not-safetensors-xml', 'an XML answer of a server'],
  [['PK\x03\x04', 'PK\x05\x06'], 'not-safetensors-zip', 'a zip archive, as torch.save writes'],
  [pickleStarts(), 'not-safetensors-pickle', 'a Python pickle'],
  [['\x1f\x8b'], 'not-safetensors-gzip', 'gzip data'],
  [['GGUF'], 'not-safetensors-gguf', 'a GGUF file'],
  [['\x89HDF'], 'not-safetensors-hdf5', 'an HDF5 file'],
  [new RegExp(`${BEFORE_TEXT}\\{\\s*"`), 'not-safetensors-json', 'bare JSON text'],
];

/** PROTO opcode of protocols 2 to 5, then the opcode that a dict, list, class, mark, frame or long starts with. */
function pickleStarts(): string[] {
  const protocols = ['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'];
  return protocols.flatMap((protocol) =>
    ['}', ']', 'c', '(', '\x95', '\x8a'].map((opcode) => protocol + opcode),
  );
}

/** Bytes from the start of a file that the signatures look at. */
const SIGNATURE_BYTES = 64;

/**
 * Refuses the start of a file whose N or first byte is wrong: with a rule that names what the file is instead
 * (`lfs-pointer`, `not-safetensors-html`, …), or with `rule`.
 *
 * @throws MalformedCheckpoint always.
 */
export function refuseForeignContent(
  start: Uint8Array,
  object: string,
  rule: string,
  message: string,
): never {
  const text = Buffer.from(start.subarray(0, SIGNATURE_BYTES)).toString('latin1');
  for (const [signature, signatureRule, what] of SIGNATURES) {
    const matches =
      signature instanceof RegExp
        ? signature.test(text)
        : signature.some((prefix) => text.startsWith(prefix));
    if (matches) {
      throw new MalformedCheckpoint(signatureRule, `not a safetensors file but ${what}`, { object });
    }
  }
  throw new MalformedCheckpoint(rule, message, { object });
}
