/** Texts that somebody's service may print, and that must come out of no report as anything but text. */
export const hostile = [
  '</script><script>alert(1)</script>', '"><img src=x onerror=alert(1)>', ']]>', '<!-- --> <![CDATA[', '&amp; &#x3C;b&#x3E;', '\u001B[31mred\u001B[0m \u001B]8;;http://evil.example\u0007link\u001B]8;;\u0007',
  'nul \u0000 bell \u0007 c1 \u009B', 'half \uD800 pair \uFFFE', 'turned \u202Ecod.exe', '@everyone see #1 and [this](javascript:alert(1)) ![x](http://evil.example/x.png)', '```\nout of the fence\n```', '| a | b |\n# title\n- [ ] task\n<details>', '1. one', '<!channel> <http://evil.example|click>',
  'http://evil.example www.evil.example', "it's ${process.env.X} `x` {{ x }}",
].join(' ¦ ')
