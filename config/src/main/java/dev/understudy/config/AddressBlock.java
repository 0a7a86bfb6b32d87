package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A block of addresses as CIDR writes it, of IPv4 or of IPv6. An IPv4 address that came in the form
 * of IPv6 ({@code ::ffff:192.0.2.1}) is the IPv4 address, here and in what is asked.
 *
 * @param first whose bits beyond the prefix are zero
 * @param prefixLength how many bits all of them share
 */
public record AddressBlock(InetAddress first, int prefixLength) {
  private static final String EXAMPLES = "write for example 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32";
  private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,3}");
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  public AddressBlock {
    requireNonNull(first, "first is null");
    byte[] bytes = first.getAddress();
    if (prefixLength < 0 || prefixLength > bytes.length * 8) {
      throw new IllegalArgumentException("prefixLength is " + prefixLength);
    }
    if (!Arrays.equals(bytes, masked(bytes, prefixLength))) {
      throw new IllegalArgumentException("first has bits beyond its prefix");
    }
  }

  /**
   * Reads an address, or one with the length of a prefix. No name is ever looked up.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    InetAddress literal = literal(text, address);
    byte[] bytes = literal.getAddress();
    int most = bytes.length * 8;
    int length = slash < 0 ? most : length(text, text.substring(slash + 1));
    if (slash >= 0 && most == 32 && address.indexOf(':') >= 0) {
      length -= MAPPED.length * 8;
    }
    if (length < 0 || length > most) {
      throw new IllegalArgumentException("'" + text + "' has no such prefix; " + EXAMPLES);
    }
    byte[] first = masked(bytes, length);
    if (!Arrays.equals(first, bytes)) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' has bits beyond its prefix; write "
              + new AddressBlock(of(first), length));
    }
    return new AddressBlock(literal, length);
  }

  private static InetAddress literal(String text, String address) {
    if (IPV4.matcher(address).matches() || IPV6.matcher(address).matches()) {
      try {
        return InetAddress.ofLiteral(address);
      } catch (IllegalArgumentException e) {
        // It only looks like one.
      }
    }
    throw new IllegalArgumentException("'" + text + "' is no address; " + EXAMPLES);
  }

  private static int length(String text, String length) {
    if (!LENGTH.matcher(length).matches()) {
      throw new IllegalArgumentException("'" + text + "' has no such prefix; " + EXAMPLES);
    }
    return Integer.parseInt(length);
  }

  public boolean contains(InetAddress address) {
    byte[] bytes = unmapped(address).getAddress();
    byte[] ours = first.getAddress();
    return bytes.length == ours.length && Arrays.equals(masked(bytes, prefixLength), ours);
  }

  /** True if every address of the other block is in this one. */
  boolean contains(AddressBlock other) {
    return other.prefixLength >= prefixLength && contains(other.first);
  }

  /** The block of this length that an address is in; of the whole address where that is shorter. */
  public static AddressBlock around(InetAddress address, int prefixLength) {
    byte[] bytes = unmapped(address).getAddress();
    int length = Math.min(prefixLength, bytes.length * 8);
    return new AddressBlock(of(masked(bytes, length)), length);
  }

  /** The IPv4 address that an IPv6 address is another form of; else the address itself. */
  public static InetAddress unmapped(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean isMapped =
        bytes.length > MAPPED.length
            && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    return isMapped ? of(Arrays.copyOfRange(bytes, MAPPED.length, bytes.length)) : address;
  }

  private static byte[] masked(byte[] bytes, int prefixLength) {
    byte[] masked = bytes.clone();
    for (int i = 0; i < masked.length; i++) {
      int kept = Math.clamp(prefixLength - 8L * i, 0, 8);
      masked[i] &= (byte) (0xff00 >> kept);
    }
    return masked;
  }

  private static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes always are an address", e);
    }
  }

  /** As settings write it. */
  @Override
  public String toString() {
    return first.getHostAddress() + "/" + prefixLength;
  }
}
