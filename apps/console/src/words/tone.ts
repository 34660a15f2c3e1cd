/** How a word feels, and with it which colour and mark it gets. Never the only carrier of a meaning: the word stands beside it. */
export type Tone = 'good' | 'busy' | 'quiet' | 'warn' | 'bad'
