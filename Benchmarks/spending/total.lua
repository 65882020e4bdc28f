-- Asks for the totals of customers 1 to CUSTOMERS in turn, or always for PATH:
--
--   wrk … -s total.lua URL -- TOKEN PATH CUSTOMERS
--
-- With 0 customers it is PATH itself. What the script costs is the same for all that are compared.

function init(arguments)
  local after = " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " .. arguments[1] .. "\r\n\r\n"
  local before = "GET " .. arguments[2]
  local customers = tonumber(arguments[3])
  local id = 0
  function request()
    id = id % math.max(customers, 1) + 1
    return before .. (customers > 0 and id or "") .. after
  end
end
