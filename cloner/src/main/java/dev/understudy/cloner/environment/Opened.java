package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.CreationTimings;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Opening} came to.
 *
 * @param timings how long making took; null if the server was only started or ran already
 * @param effect null: it ran already
 */
record Opened(@Nullable CreationTimings timings, @Nullable Effect effect) {}
