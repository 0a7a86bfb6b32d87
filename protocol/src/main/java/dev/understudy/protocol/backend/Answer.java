package dev.understudy.protocol.backend;

/** What a server answers to a statement. Only ever written: the answers of others are not read. */
public sealed interface Answer extends ServerMessage
    permits RowDescription, DataRow, CommandComplete, ParameterDescription, Acknowledgement {}
