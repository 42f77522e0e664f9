const VOID_TAGS = new Set(['meta', 'br', 'hr', 'img', 'input', 'link']);
/** Elements whose content is text up to their own end tag. */
const RAW_TEXT = /<(script|style)([^>]*)>[\s\S]*?<\/\1>/g;

/** Tags that do not nest, and `<` or `&` that stand free: an empty list for a well-formed page. */
export function tagProblems(page: string): string[] {
  const problems: string[] = [];
  const open: string[] = [];
  const text = page.replace(/^<!doctype html>\n/, '').replace(RAW_TEXT, '<$1$2></$1>');
  const rest = text.replace(
    /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+(?:="[^"<>]*")?)*)\s*(\/?)>/g,
    (_, close: string, tag: string, __, self: string) => {
      if (close === '/') {
        const last = open.pop();
        if (last !== tag) problems.push(`</${tag}> closes <${last ?? 'nothing'}>`);
      } else if (!VOID_TAGS.has(tag) && self !== '/') open.push(tag);
      return '';
    },
  );
  for (const tag of open) problems.push(`<${tag}> is not closed`);
  for (const match of rest.matchAll(/[<>]|&(?!(?:amp|lt|gt|quot|#39);)/g)) {
    problems.push(`free ${match[0]} near ${rest.slice(Math.max(0, match.index - 20), match.index + 20)}`);
  }
  return problems;
}
