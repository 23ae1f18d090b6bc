"""What an error of Kafka means to the person who runs Rollcall, and what to do about it."""

from __future__ import annotations

from kafka import errors  # type: ignore[import-untyped]  # it comes without types

from streams.event_log import LogUnavailable

_REFUSED = (
    errors.TopicAuthorizationFailedError,
    errors.GroupAuthorizationFailedError,
    errors.ClusterAuthorizationFailedError,
)
_TOO_FEW_COPIES = (errors.NotEnoughReplicasError, errors.NotEnoughReplicasAfterAppendError)
_TOO_LARGE = (errors.MessageSizeTooLargeError, errors.RecordListTooLargeError)
_OTHERS_GROUP = (errors.UnknownMemberIdError, errors.IllegalGenerationError, errors.RebalanceInProgressError)


def unavailable(servers: str, error: errors.KafkaError) -> LogUnavailable:
    """The error to raise in place of Kafka's; `servers` are the brokers' addresses."""
    return LogUnavailable(f"Kafka at {servers} {_meaning(error)}")


def _meaning(error: errors.KafkaError) -> str:
    name = type(error).__name__
    if isinstance(error, errors.SaslAuthenticationFailedError | errors.UnsupportedSaslMechanismError):
        return (
            f"does not let us in ({name}); check ROLLCALL_KAFKA_USERNAME, ROLLCALL_KAFKA_PASSWORD and "
            "ROLLCALL_KAFKA_MECHANISM"
        )
    if isinstance(error, _REFUSED):
        return f"refuses the user ({name}); give it access to Rollcall's topics and groups"
    if isinstance(error, errors.InvalidReplicationFactorError):
        return (
            "has fewer brokers than a topic is to have copies; start more of them, or lower "
            "ROLLCALL_REPLICATION_FACTOR"
        )
    if isinstance(error, _TOO_FEW_COPIES):
        return "has too few brokers that are in step (min.insync.replicas); start those that are down"
    if isinstance(error, _TOO_LARGE):
        return (
            "takes no message as large as this one; raise max.message.bytes of the topic, or lower "
            "ROLLCALL_BATCH_RECORDS"
        )
    if isinstance(error, _OTHERS_GROUP):
        return f"has live members in this group ({name}), which alone may commit; stop them first"
    if error.retriable:
        return (
            f"does not answer ({name}); see that it runs, that ROLLCALL_BROKER names it and that "
            "ROLLCALL_KAFKA_PROTOCOL is what it speaks there, then try again"
        )
    return f"cannot be used ({name}); look into the broker's log"
