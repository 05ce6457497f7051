// foyer_bench_seed FOLDER CASES [ROWS_FILE]: a data folder with the demonstration and CASES seeded
// cases besides, published as if commands had made them; ROWS_FILE gets the same rows as JSON, what
// other databases are filled from, and the cookies of customers who are signed in.
#include <cstdlib>
#include <fstream>
#include <future>
#include <iostream>

#include "clock.h"
#include "demo.h"
#include "entities.h"
#include "foyer/schema/json.h"
#include "seeded_rows.h"
#include "session_cookies.h"

namespace foyer::server {
namespace {

constexpr std::size_t kRowsPerJob = 5'000;

class Seeder {
 public:
  explicit Seeder(Installation& installation)
      : installation_(installation), log_(installation.database()) {}

  template <class T>
  bool write(const std::vector<T>& rows) {
    for (std::size_t at = 0; at < rows.size(); at += kRowsPerJob)
      if (!write_some(std::span(rows).subspan(at, std::min(kRowsPerJob, rows.size() - at))))
        return false;
    return true;
  }

 private:
  template <class T>
  bool write_some(std::span<const T> rows) {
    return installation_.writer().run_and_wait([&] {
      std::vector<RowKey> keys;
      for (const T& row : rows) {
        put(installation_.store(), row);
        keys.push_back({entity_of<T>().id, row.id});
      }
      publish_rows(installation_.store(), log_, keys, log_.raise_seq());
      return true;
    });
  }

  Installation& installation_;
  SqliteScopeLog log_;
};

template <class T>
void write_rows(std::ostream& out, std::string_view name, const std::vector<T>& rows) {
  out << '"' << name << "\":[";
  for (std::size_t i = 0; i < rows.size(); ++i)
    out << (i > 0 ? ",\n" : "\n") << write_json(entity_of<T>(), &rows[i], kStaff);
  out << "\n]";
}

std::vector<std::string> sign_in(Installation& installation, const std::vector<User>& people) {
  std::vector<std::string> cookies;
  for (const User& user : people) {
    std::promise<std::string> token;
    installation.sessions().begin(
        SiteKind::kCustomer, user.id, "bench", wall_clock(),
        [&](auto begun) { token.set_value(begun ? begun->token : std::string()); });
    cookies.push_back(std::string(cookie_name(SiteKind::kCustomer)) + '=' +
                      token.get_future().get());
  }
  return cookies;
}

bool write_file(const std::string& path, const SeededRows& rows, const SeedOptions& options,
                const std::vector<std::string>& cookies) {
  std::ofstream out(path);
  out << "{\"me\":\"" << to_string(options.me) << "\",\"cookies\":[";
  for (std::size_t i = 0; i < cookies.size(); ++i)
    out << (i > 0 ? ",\"" : "\"") << cookies[i] << '"';
  write_rows(out << "],", "people", rows.people);
  write_rows(out << ',', "accounts", rows.accounts);
  write_rows(out << ',', "contacts", rows.contacts);
  write_rows(out << ',', "cases", rows.cases);
  out << "}\n";
  return static_cast<bool>(out.flush());
}

int seed(const std::string& folder, std::size_t cases, const char* rows_file) {
  auto installation = Installation::open({.folder = folder, .entities = stored_entities()},
                                         wall_clock());
  if (!installation) {
    std::cerr << "the folder cannot be opened: " << installation.error().detail << '\n';
    return 1;
  }
  CommandGate gate(**installation, wall_clock);
  if (!load_demo(**installation, gate, wall_clock())) return 1;
  SeedOptions options{.cases = cases, .now = wall_clock()};
  (*installation)->writer().run_and_wait([&] {
    const auto found = find<&User::email>((*installation)->store(), "ana@foyer.example", 1);
    options.me = found.front().id;
    options.my_name = found.front().name;
    return true;
  });
  const SeededRows rows(options);
  Seeder seeder(**installation);
  const bool is_written = seeder.write(rows.people) && seeder.write(rows.accounts) &&
                          seeder.write(rows.contacts) && seeder.write(rows.customers) &&
                          seeder.write(rows.cases);
  if (!is_written) return 1;
  const auto cookies = sign_in(**installation, rows.customers);
  if (rows_file != nullptr && !write_file(rows_file, rows, options, cookies)) return 1;
  std::cout << rows.cases.size() << " cases, " << rows.contacts.size() << " contacts, "
            << rows.accounts.size() << " accounts\n";
  return 0;
}

}  // namespace
}  // namespace foyer::server

int main(int count, char** arguments) {
  if (count != 3 && count != 4) {
    std::cerr << "usage: foyer_bench_seed FOLDER CASES [ROWS_FILE]\n";
    return 2;
  }
  return foyer::server::seed(arguments[1], std::strtoull(arguments[2], nullptr, 10),
                             count == 4 ? arguments[3] : nullptr);
}
