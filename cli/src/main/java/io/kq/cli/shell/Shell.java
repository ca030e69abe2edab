package io.kq.cli.shell;

/** What a command is made with: where it talks, and how it reaches a cluster. */
public record Shell(Terminal terminal, Clients clients) {}
