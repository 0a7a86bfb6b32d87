package dev.understudy.proxy.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes a test class fail when a buffer, or what TLS has outside the heap, was garbage collected
 * without having been released.
 */
public final class BufferLeaks implements AfterAllCallback {
  private static final Queue<String> leaks = new ConcurrentLinkedQueue<>();

  static {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new RecordingFactory());
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    List<String> found = find();
    if (!found.isEmpty()) {
      throw new AssertionError("leaked:\n" + String.join("\n", found));
    }
  }

  /** What has leaked since the last call. */
  static List<String> find() throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      collectGarbage();
      // The detector looks through what was collected when it tracks something new.
      ByteBuf probe = PooledByteBufAllocator.DEFAULT.buffer(1);
      probe.release();
      probeTls();
    }
    List<String> found = List.copyOf(leaks);
    leaks.clear();
    return found;
  }

  private static void probeTls() {
    try {
      SslContext context =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.OPENSSL_REFCNT)
              .trustManager(InsecureTrustManagerFactory.INSTANCE)
              .build();
      ReferenceCountUtil.release(context.newEngine(PooledByteBufAllocator.DEFAULT));
      ReferenceCountUtil.release(context);
    } catch (SSLException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns when references to what was unreachable have been enqueued. */
  private static void collectGarbage() throws InterruptedException {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    PhantomReference<Object> canary = new PhantomReference<>(new Object(), queue);
    try {
      Reference<?> collected = null;
      for (int i = 0; i < 50 && collected == null; i++) {
        System.gc();
        collected = queue.remove(100);
      }
      if (collected == null) {
        throw new AssertionError("the garbage collector does not run");
      }
    } finally {
      Reference.reachabilityFence(canary);
    }
  }

  private static final class RecordingFactory extends ResourceLeakDetectorFactory {
    @Override
    @SuppressWarnings("deprecation") // the one abstract method there is
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return new RecordingDetector<>(resource, samplingInterval);
    }
  }

  private static final class RecordingDetector<T> extends ResourceLeakDetector<T> {
    RecordingDetector(Class<?> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      leaks.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      leaks.add(resourceType);
    }
  }
}
