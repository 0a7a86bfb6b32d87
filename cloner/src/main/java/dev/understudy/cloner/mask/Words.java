package dev.understudy.cloner.mask;

import dev.understudy.config.MaskRule;

/** Rules as findings name them: without a value that they hold. */
final class Words {
  private Words() {}

  static String of(MaskRule rule) {
    return switch (rule) {
      case MaskRule.Keep _ -> "keep";
      case MaskRule.Null _ -> "null";
      case MaskRule.Constant _ -> "constant";
      case MaskRule.Hash _ -> "hash";
      case MaskRule.Email _ -> "email";
      case MaskRule.Name _ -> "name";
      case MaskRule.Phone _ -> "phone";
      case MaskRule.Partial partial ->
          "partial, first %d, last %d".formatted(partial.first(), partial.last());
    };
  }
}
