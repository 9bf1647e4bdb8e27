export const zh = {
  row: '领传单',
  title: '领传单',
  lead: '从社区领走或还回多少份。没网也能记。',
  count: '份数',
  wrong: '请填 1 到 9999 的整数。',
  take: '领走',
  bring: '还回',
  taken: (n: number) => `领走 ${n} 份，记好了`,
  brought: (n: number) => `还回 ${n} 份，记好了`,
};
