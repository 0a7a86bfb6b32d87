package dev.understudy.server.webhook;

/** A site that hosts repositories, as far as its deliveries differ. Thread-safe. */
public interface Forge {
  /** What a delivery says, if it is signed with the secret that this forge was given. */
  Event read(Delivery delivery) throws WebhookException;
}
