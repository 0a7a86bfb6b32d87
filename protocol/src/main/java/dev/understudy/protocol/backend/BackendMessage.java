package dev.understudy.protocol.backend;

/** A message of a server's until its first ReadyForQuery, and what can come at any time. */
public sealed interface BackendMessage extends ServerMessage
    permits AuthenticationRequest,
        Report,
        NegotiateProtocolVersion,
        ParameterStatus,
        BackendKeyData,
        ReadyForQuery {}
