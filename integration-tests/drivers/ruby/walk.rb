# What the walks of Ruby share; see ../README.md for the variables.
HOST, PORT, LOGIN, PASSWORD, DATABASE, ENVIRONMENT, NAP, URL =
  ENV.values_at('HOST', 'PORT', 'LOGIN', 'PASSWORD', 'DATABASE', 'ENVIRONMENT', 'NAP', 'URL')
ROOT_CERTIFICATE = ENV['ROOT_CERTIFICATE']
# As printed, too, with the environment named by the host alone, which needs TLS.
URLS = [URL, ENV['URL_BY_HOST']].compact
TLS = ROOT_CERTIFICATE ? { sslmode: 'verify-full', sslrootcert: ROOT_CERTIFICATE } : { sslmode: 'disable' }

# A URL has no password: libpq takes it from here.
ENV['PGPASSWORD'] = PASSWORD

def same(expected, got)
  raise "expected #{expected.inspect}, got #{got.inspect}" unless expected == got
end

# Tries, with pauses in which the environment can fall asleep, until an attempt raises something.
def until_it_sleeps
  20.times do
    yield
    sleep 4
  end
  raise "#{NAP} does not sleep"
end

def walk(steps)
  $stdout.sync = true
  steps.each do |name, step|
    step.call
    puts "ok #{name}"
  rescue StandardError => e
    puts "FAILED: #{name}: #{e.full_message(highlight: false)}"
    exit 1
  end
end
